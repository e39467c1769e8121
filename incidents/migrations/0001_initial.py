"""Every table of the project, then what a new database holds: categories and roles."""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.utils.timezone
import simple_history.models
from django.conf import settings
from django.db import migrations, models

import incidents.models.texts
from incidents.seeds import seed_categories, seed_roles
from incidents.tables import drop_text_table, make_text_table


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Incident",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "date_words",
                    models.CharField(
                        blank=True,
                        help_text="The date in the source's own words, or ISO or EDTF (2024-04-26, 2023-10~). Leave empty when the source does not say. To give your own reading of other words, put EDTF in brackets behind them: shortly after the Asian Games [2023-10~].",
                        max_length=200,
                        verbose_name="date as worded",
                    ),
                ),
                (
                    "date_edtf",
                    models.CharField(
                        blank=True, editable=False, max_length=120, verbose_name="date (EDTF)"
                    ),
                ),
                (
                    "earliest",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="earliest day"
                    ),
                ),
                (
                    "latest",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="latest day"
                    ),
                ),
                (
                    "date_inferred",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="date inferred"
                    ),
                ),
                (
                    "date_anchor",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="worked out from"
                    ),
                ),
                (
                    "date_reasoning",
                    models.TextField(blank=True, editable=False, verbose_name="reasoning"),
                ),
                (
                    "people_low",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="low"),
                ),
                (
                    "people_best",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="best"),
                ),
                (
                    "people_high",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="high"),
                ),
                ("stated_min", models.PositiveBigIntegerField(editable=False, null=True)),
                ("stated_max", models.PositiveBigIntegerField(editable=False, null=True)),
                (
                    "figure_kind",
                    models.CharField(
                        choices=[
                            ("exact", "exact"),
                            ("about", "about"),
                            ("at_least", "at least"),
                            ("at_most", "at most"),
                            ("range", "range"),
                            ("disputed", "disputed"),
                            ("assessed", "assessed"),
                            ("none", "no figure"),
                        ],
                        default="none",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("figure_words", models.TextField(blank=True, editable=False)),
                ("figure_words_ko", models.TextField(blank=True, editable=False)),
                ("figure_words_zh", models.TextField(blank=True, editable=False)),
                ("disputed", models.BooleanField(default=False, editable=False)),
                ("sources_named", models.PositiveIntegerField(default=0, editable=False)),
                ("sources_own", models.PositiveIntegerField(default=0, editable=False)),
                ("newer_claims", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "restricted",
                    models.BooleanField(default=False, editable=False, verbose_name="restricted"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("event", "event"), ("wave", "wave"), ("aggregate", "aggregate")],
                        default="event",
                        help_text="Event: one act. Wave: a series of acts. Aggregate: a published total.",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="One plain line: who, what, where, when. No names.",
                        max_length=300,
                        verbose_name="title",
                    ),
                ),
                (
                    "summary",
                    models.TextField(
                        blank=True,
                        help_text="What is known and what is judged. No names of victims. May stay empty.",
                        verbose_name="summary",
                    ),
                ),
                (
                    "people_label",
                    models.CharField(
                        blank=True,
                        help_text="As the sources call them: refugees, workers, 탈북민. Empty when not said.",
                        max_length=200,
                        verbose_name="people",
                    ),
                ),
                (
                    "date_not_stated",
                    models.BooleanField(
                        default=False,
                        help_text="Tick when you looked and no source gives a date.",
                        verbose_name="no date is stated",
                    ),
                ),
                (
                    "place_not_stated",
                    models.BooleanField(
                        default=False,
                        help_text="Tick when you looked and no source gives a place.",
                        verbose_name="no place is stated",
                    ),
                ),
                (
                    "latitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="Only where a source gives a point of its own. Degrees, south negative.",
                        max_digits=9,
                        null=True,
                        verbose_name="latitude",
                    ),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="Only where a source gives a point of its own. Degrees, west negative.",
                        max_digits=9,
                        null=True,
                        verbose_name="longitude",
                    ),
                ),
                (
                    "point_precision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("exact", "exact point"),
                            ("site", "site"),
                            ("locality", "town or village"),
                        ],
                        help_text="How exact the source's point is. Empty without a point.",
                        max_length=10,
                        verbose_name="precision of the point",
                    ),
                ),
                (
                    "responsible",
                    models.CharField(
                        blank=True,
                        help_text="As the sources put it. Empty when not said.",
                        max_length=300,
                        verbose_name="responsible authority, as alleged",
                    ),
                ),
                (
                    "extra",
                    models.TextField(
                        blank=True, default="", editable=False, verbose_name="extra data"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                            ("merged", "merged"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "review_note",
                    models.TextField(
                        blank=True, default="", editable=False, verbose_name="note from review"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                (
                    "signed_version",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="signed version"
                    ),
                ),
                (
                    "signed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="signed at"),
                ),
                (
                    "second_read",
                    models.BooleanField(default=False, editable=False, verbose_name="second-read"),
                ),
                (
                    "first_published",
                    models.DateTimeField(editable=False, null=True, verbose_name="first published"),
                ),
                ("created", models.DateTimeField(auto_now_add=True)),
                (
                    "updated",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("sort_day", models.DateField(default="0001-01-01", editable=False)),
                ("wide", models.BooleanField(default=True, editable=False)),
                ("tied", models.BooleanField(default=False, editable=False)),
                ("main_role", models.CharField(blank=True, editable=False, max_length=12)),
                ("search_text", models.TextField(blank=True, editable=False)),
                ("linked", models.BooleanField(default=False, editable=False)),
                ("open_claims", models.PositiveIntegerField(default=0, editable=False)),
                ("unnamed_outlets", models.PositiveIntegerField(default=0, editable=False)),
                ("cited", models.JSONField(default=list, editable=False)),
                ("cited_sources", models.TextField(blank=True, editable=False)),
                ("cited_urls", models.TextField(blank=True, editable=False)),
                ("cited_archives", models.TextField(blank=True, editable=False)),
            ],
            options={
                "verbose_name": "incident",
                "verbose_name_plural": "incidents",
                "ordering": ["-sort_day", "-id"],
                "permissions": [
                    (
                        "review_incident",
                        "Can publish, send back, withdraw, assess and merge incidents",
                    ),
                    ("export_incident", "Can take incidents away as files"),
                ],
                "indexes": [
                    models.Index(
                        fields=["status", "kind", "-sort_day", "-id"], name="incidents_by_status"
                    ),
                    models.Index(fields=["-sort_day", "-id"], name="incidents_by_day"),
                    models.Index(fields=["-updated", "-id"], name="incidents_by_update"),
                    models.Index(
                        models.OrderBy(
                            django.db.models.functions.comparison.Coalesce("stated_max", -1),
                            descending=True,
                        ),
                        models.OrderBy(models.F("id"), descending=True),
                        name="incidents_by_people",
                    ),
                    models.Index(
                        condition=models.Q(("wide", True)),
                        fields=["earliest", "latest"],
                        name="incidents_wide",
                    ),
                    models.Index(
                        condition=models.Q(("earliest__isnull", False), ("wide", True)),
                        fields=["-sort_day", "-id"],
                        name="incidents_wide_by_day",
                    ),
                    models.Index(
                        condition=models.Q(
                            models.Q(("tied", True), ("restricted", True), _connector="OR"),
                            ("wide", True),
                        ),
                        fields=["earliest", "latest"],
                        name="incidents_wide_beside_sums",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("status", "in_review"),
                            models.Q(
                                ("status", "published"), ("version__gt", models.F("signed_version"))
                            ),
                            _connector="OR",
                        ),
                        fields=["-updated", "-id"],
                        name="incidents_to_review",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("status", "published"), ("version__gt", models.F("signed_version"))
                        ),
                        fields=["-updated", "-id"],
                        name="incidents_changed",
                    ),
                    models.Index(
                        condition=models.Q(("newer_claims__gt", 0)),
                        fields=["id"],
                        name="incidents_newer_claims",
                    ),
                    models.Index(
                        condition=models.Q(("figure_kind", "disputed")),
                        fields=["id"],
                        name="incidents_undecided",
                    ),
                    models.Index(
                        condition=models.Q(("restricted", True)),
                        fields=["id"],
                        name="incidents_restricted",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("earliest__isnull", True),
                            ("latest__isnull", True),
                            ("earliest__lte", models.F("latest")),
                            _connector="OR",
                        ),
                        name="incidents_incident_days_in_order",
                        violation_error_message="The earliest day is after the latest day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("people_low__isnull", True),
                                ("people_best__isnull", True),
                                ("people_low__lte", models.F("people_best")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("people_best__isnull", True),
                                ("people_high__isnull", True),
                                ("people_best__lte", models.F("people_high")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("people_low__isnull", True),
                                ("people_high__isnull", True),
                                ("people_low__lte", models.F("people_high")),
                                _connector="OR",
                            ),
                        ),
                        name="incidents_incident_low_best_high_in_order",
                        violation_error_message="Low must not exceed best, nor best exceed high.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "figure_kind__in",
                                [
                                    "exact",
                                    "about",
                                    "at_least",
                                    "at_most",
                                    "range",
                                    "disputed",
                                    "assessed",
                                    "none",
                                ],
                            )
                        ),
                        name="incidents_incident_figure_kind_is_known",
                        violation_error_message="figure_kind: exact, about, at_least, at_most, range, disputed, assessed, none",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["event", "wave", "aggregate"])),
                        name="incidents_incident_kind_is_known",
                        violation_error_message="kind: event, wave, aggregate",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                ["draft", "in_review", "published", "withdrawn", "merged"],
                            )
                        ),
                        name="incidents_incident_status_is_known",
                        violation_error_message="status: draft, in_review, published, withdrawn, merged",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("point_precision__in", ["exact", "site", "locality", ""])
                        ),
                        name="incidents_incident_point_precision_is_known",
                        violation_error_message="point_precision: exact, site, locality",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True),
                        name="incidents_incident_title_given",
                        violation_error_message="Give the incident a title.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("date_not_stated", False), ("date_words", ""), _connector="OR"
                        ),
                        name="incidents_incident_date_stated_or_not",
                        violation_error_message="Either give a date or tick that none is stated, not both.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("latitude__isnull", True),
                                ("longitude__isnull", True),
                                ("point_precision", ""),
                            ),
                            models.Q(
                                ("latitude__range", (-90, 90)),
                                ("longitude__range", (-180, 180)),
                                models.Q(("point_precision", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="incidents_incident_point_complete",
                        violation_error_message="A point needs latitude (-90 to 90), longitude (-180 to 180) and its precision; leave all three empty where no source gives a point.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                (
                    "first_name",
                    models.CharField(blank=True, max_length=150, verbose_name="first name"),
                ),
                (
                    "last_name",
                    models.CharField(blank=True, max_length=150, verbose_name="last name"),
                ),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="email address"),
                ),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="date joined"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True, editable=False, max_length=10, verbose_name="language"
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "date_words",
                    models.CharField(
                        blank=True,
                        help_text="The date in the source's own words, or ISO or EDTF (2024-04-26, 2023-10~). Leave empty when the source does not say. To give your own reading of other words, put EDTF in brackets behind them: shortly after the Asian Games [2023-10~].",
                        max_length=200,
                        verbose_name="date as worded",
                    ),
                ),
                (
                    "date_edtf",
                    models.CharField(
                        blank=True, editable=False, max_length=120, verbose_name="date (EDTF)"
                    ),
                ),
                (
                    "earliest",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="earliest day"
                    ),
                ),
                (
                    "latest",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="latest day"
                    ),
                ),
                (
                    "date_inferred",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="date inferred"
                    ),
                ),
                (
                    "date_anchor",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="worked out from"
                    ),
                ),
                (
                    "date_reasoning",
                    models.TextField(blank=True, editable=False, verbose_name="reasoning"),
                ),
                (
                    "restricted",
                    models.BooleanField(default=False, editable=False, verbose_name="restricted"),
                ),
                (
                    "url",
                    models.URLField(
                        blank=True,
                        help_text="Where you read it. Empty for print, broadcast or an unpublished report.",
                        max_length=2000,
                        verbose_name="URL",
                    ),
                ),
                (
                    "url_key",
                    models.CharField(db_index=True, default="", editable=False, max_length=200),
                ),
                (
                    "title",
                    models.CharField(
                        blank=True,
                        help_text="As printed; in brackets when you describe it. May stay empty where there is a URL.",
                        max_length=500,
                        verbose_name="title",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        help_text="en, ko, zh-Hant … Empty: unknown.",
                        max_length=20,
                        verbose_name="language",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("news", "news article"),
                            ("editorial", "editorial or opinion"),
                            ("report", "report"),
                            ("statement", "press release or statement"),
                            ("page", "web page"),
                            ("broadcast", "broadcast"),
                            ("post", "social media post"),
                            ("other", "other"),
                        ],
                        default="news",
                        help_text="News unless you know better.",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "archive_url",
                    models.URLField(
                        blank=True,
                        help_text="A copy in a web archive. Empty when there is none yet.",
                        max_length=2000,
                        verbose_name="archive URL",
                    ),
                ),
                (
                    "accessed_on",
                    models.DateField(
                        blank=True,
                        help_text="The day you read it.",
                        null=True,
                        verbose_name="accessed on",
                    ),
                ),
                (
                    "coding_state",
                    models.CharField(
                        choices=[
                            ("to_code", "to code"),
                            ("coded", "coded"),
                            ("nothing_new", "read - nothing new"),
                        ],
                        default="to_code",
                        help_text="Whether its claims are in the records yet.",
                        max_length=12,
                        verbose_name="coding state",
                    ),
                ),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("updated", models.DateTimeField(auto_now=True)),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        help_text="In whose queue it waits. Empty: whoever comes first.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="articles_to_code",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assigned to",
                    ),
                ),
                (
                    "reprint_of",
                    models.ForeignKey(
                        blank=True,
                        help_text="The article whose text this one repeats. Empty when it stands on its own.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reprints",
                        to="incidents.article",
                        verbose_name="reprint of",
                    ),
                ),
                (
                    "restricted_to",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Only members of these groups see the record at all. Empty: everybody who may sign in.",
                        related_name="+",
                        to="auth.group",
                        verbose_name="restricted to",
                    ),
                ),
            ],
            options={
                "verbose_name": "article",
                "verbose_name_plural": "articles",
                "ordering": ["-id"],
                "indexes": [
                    models.Index(fields=["coding_state", "-id"], name="incidents_article_coding"),
                    models.Index(
                        condition=models.Q(("coding_state", "to_code")),
                        fields=["assigned_to", "-id"],
                        name="incidents_article_queue",
                    ),
                    models.Index(
                        condition=models.Q(("reprint_of", None), ("restricted", False)),
                        fields=["url_key", "coding_state"],
                        name="incidents_article_once",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("earliest__isnull", True),
                            ("latest__isnull", True),
                            ("earliest__lte", models.F("latest")),
                            _connector="OR",
                        ),
                        name="incidents_article_days_in_order",
                        violation_error_message="The earliest day is after the latest day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "news",
                                    "editorial",
                                    "report",
                                    "statement",
                                    "page",
                                    "broadcast",
                                    "post",
                                    "other",
                                ],
                            )
                        ),
                        name="incidents_article_kind_is_known",
                        violation_error_message="kind: news, editorial, report, statement, page, broadcast, post, other",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("coding_state__in", ["to_code", "coded", "nothing_new"])
                        ),
                        name="incidents_article_coding_state_is_known",
                        violation_error_message="coding_state: to_code, coded, nothing_new",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("title", ""), _negated=True),
                            models.Q(("url", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="incidents_article_title_or_url_given",
                        violation_error_message="Give the article a title, or the URL where it stands.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reprint_of__isnull", True),
                            models.Q(("reprint_of", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="incidents_article_not_its_own_reprint",
                        violation_error_message="An article cannot be a reprint of itself.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("url", ""), _negated=True), ("restricted", False)
                        ),
                        fields=("url",),
                        name="incidents_article_url_once",
                        violation_error_message="An article with this URL is already recorded.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.SlugField(
                        help_text="Never changed.", max_length=40, unique=True, verbose_name="code"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="As the pages show it.", max_length=100, verbose_name="name"
                    ),
                ),
                (
                    "name_ko",
                    models.CharField(blank=True, max_length=100, verbose_name="name in Korean"),
                ),
                (
                    "name_zh",
                    models.CharField(blank=True, max_length=100, verbose_name="name in Chinese"),
                ),
                (
                    "definition",
                    models.TextField(
                        help_text="What belongs here, and what does not.", verbose_name="definition"
                    ),
                ),
                (
                    "definition_ko",
                    models.TextField(blank=True, verbose_name="definition in Korean"),
                ),
                (
                    "definition_zh",
                    models.TextField(blank=True, verbose_name="definition in Chinese"),
                ),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("returned", "returned"),
                            ("arrested", "arrested"),
                            ("detained", "detained"),
                            ("dead", "dead"),
                            ("missing", "missing"),
                            ("injured", "injured"),
                            ("disappeared", "disappeared"),
                            ("affected", "affected"),
                        ],
                        help_text="The count that stands on an incident's row.",
                        max_length=12,
                        verbose_name="principal measure",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Order in lists.", verbose_name="position"
                    ),
                ),
            ],
            options={
                "verbose_name": "category",
                "verbose_name_plural": "categories",
                "ordering": ["position", "code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "measure__in",
                                [
                                    "returned",
                                    "arrested",
                                    "detained",
                                    "dead",
                                    "missing",
                                    "injured",
                                    "disappeared",
                                    "affected",
                                ],
                            )
                        ),
                        name="incidents_category_measure_is_known",
                        violation_error_message="measure: returned, arrested, detained, dead, missing, injured, disappeared, affected",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Claim",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "date_words",
                    models.CharField(
                        blank=True,
                        help_text="The date in the source's own words, or ISO or EDTF (2024-04-26, 2023-10~). Leave empty when the source does not say. To give your own reading of other words, put EDTF in brackets behind them: shortly after the Asian Games [2023-10~].",
                        max_length=200,
                        verbose_name="date as worded",
                    ),
                ),
                (
                    "date_edtf",
                    models.CharField(
                        blank=True, editable=False, max_length=120, verbose_name="date (EDTF)"
                    ),
                ),
                (
                    "earliest",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="earliest day"
                    ),
                ),
                (
                    "latest",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="latest day"
                    ),
                ),
                (
                    "date_inferred",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="date inferred"
                    ),
                ),
                (
                    "date_anchor",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="worked out from"
                    ),
                ),
                (
                    "date_reasoning",
                    models.TextField(blank=True, editable=False, verbose_name="reasoning"),
                ),
                (
                    "words",
                    models.CharField(
                        help_text="The count in the source's own words: around 200, up to 60, 200여 명, 约600名. Write “others” or “none stated” when the source gives no number.",
                        max_length=200,
                        verbose_name="count as worded",
                    ),
                ),
                (
                    "qualifier",
                    models.CharField(
                        choices=[
                            ("exactly", "exactly"),
                            ("about", "about"),
                            ("nearly", "nearly"),
                            ("odd", "a little over"),
                            ("at_most", "at most"),
                            ("less_than", "less than"),
                            ("at_least", "at least"),
                            ("more_than", "more than"),
                            ("between", "between"),
                            ("indefinite", "indefinite"),
                            ("unstated", "unstated"),
                        ],
                        default="unstated",
                        editable=False,
                        max_length=12,
                        verbose_name="qualifier",
                    ),
                ),
                (
                    "low",
                    models.PositiveIntegerField(
                        blank=True, editable=False, null=True, verbose_name="low"
                    ),
                ),
                (
                    "value",
                    models.PositiveIntegerField(
                        blank=True, editable=False, null=True, verbose_name="value"
                    ),
                ),
                (
                    "high",
                    models.PositiveIntegerField(
                        blank=True, editable=False, null=True, verbose_name="high"
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("persons", "persons"),
                            ("families", "families"),
                            ("households", "households"),
                            ("flights", "flights"),
                        ],
                        default="persons",
                        editable=False,
                        max_length=12,
                        verbose_name="unit",
                    ),
                ),
                (
                    "restricted",
                    models.BooleanField(default=False, editable=False, verbose_name="restricted"),
                ),
                (
                    "source_as_printed",
                    models.CharField(
                        blank=True,
                        help_text="The name as the article prints it, even when you think it is wrong.",
                        max_length=200,
                        verbose_name="source as printed",
                    ),
                ),
                (
                    "source_suggested",
                    models.BooleanField(
                        default=False,
                        help_text="Tick while nobody has agreed that the printed name means this source.",
                        verbose_name="source is a suggested reading",
                    ),
                ),
                (
                    "stance",
                    models.CharField(
                        choices=[
                            ("affirms", "affirms"),
                            ("affirms_in_part", "affirms in part"),
                            ("does_not_deny", "does not deny"),
                            ("denies", "denies"),
                            ("cannot_confirm", "cannot confirm"),
                            ("disputes_number", "disputes the number"),
                            ("comments", "comments"),
                        ],
                        default="affirms",
                        help_text="What the source does with the report: it affirms, denies, comments …",
                        max_length=16,
                        verbose_name="stance",
                    ),
                ),
                (
                    "measure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("returned", "returned"),
                            ("arrested", "arrested"),
                            ("detained", "detained"),
                            ("dead", "dead"),
                            ("missing", "missing"),
                            ("injured", "injured"),
                            ("disappeared", "disappeared"),
                            ("affected", "affected"),
                        ],
                        help_text="What is counted. Empty: the category's principal measure.",
                        max_length=12,
                        verbose_name="measure",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("event", "event: the people in this act"),
                            ("part", "part: a sub-count of another claim"),
                            ("stock", "stock: people in a state at one time"),
                            ("cumulative", "cumulative: a total over several acts"),
                            ("rate", "rate: per day, month or year"),
                            ("planned", "planned: has not happened"),
                            ("prevented", "prevented: did not happen"),
                        ],
                        help_text="What the number covers. Until this is said the claim does not count.",
                        max_length=12,
                        verbose_name="basis",
                    ),
                ),
                (
                    "people",
                    models.CharField(
                        blank=True,
                        help_text="refugees, workers, Uyghurs … Empty when not said.",
                        max_length=200,
                        verbose_name="people as printed",
                    ),
                ),
                (
                    "act_words",
                    models.CharField(
                        blank=True,
                        help_text="강제북송, deported, sent back … Empty when not said.",
                        max_length=200,
                        verbose_name="act as printed",
                    ),
                ),
                (
                    "place_words",
                    models.CharField(
                        blank=True,
                        help_text="The place in the source's own words. Empty when not said.",
                        max_length=200,
                        verbose_name="place as printed",
                    ),
                ),
                (
                    "place_role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("happened", "where it happened"),
                            ("apprehension", "apprehension"),
                            ("detention", "detention"),
                            ("crossing", "crossing"),
                            ("destination", "destination"),
                            ("unclear", "role unclear"),
                            ("context", "context only"),
                        ],
                        help_text="What happened there. “Role unclear” when the source does not say.",
                        max_length=12,
                        verbose_name="role of the place",
                    ),
                ),
                (
                    "quote",
                    models.TextField(
                        blank=True,
                        help_text="One short sentence as printed. No names of victims. May stay empty.",
                        verbose_name="quote",
                    ),
                ),
                (
                    "translation",
                    models.TextField(
                        blank=True,
                        help_text="Your translation of the quote. May stay empty.",
                        verbose_name="translation",
                    ),
                ),
                (
                    "locator",
                    models.CharField(
                        blank=True,
                        help_text="Page, paragraph or characters: p. 3, para 2, [326,454).",
                        max_length=100,
                        verbose_name="locator",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("own", "gathered it itself"),
                            ("relays", "relays somebody else"),
                            ("not_known", "not known"),
                        ],
                        default="not_known",
                        help_text="Whether the source gathered this itself.",
                        max_length=10,
                        verbose_name="origin",
                    ),
                ),
                (
                    "seen_original",
                    models.BooleanField(
                        default=False,
                        help_text="Tick when you read the claimant's own publication.",
                        verbose_name="original seen",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("accepted", "accepted"),
                            ("conflict", "conflict"),
                            ("needs_work", "needs work"),
                            ("set_aside", "set aside"),
                        ],
                        default="accepted",
                        help_text="Anything but accepted needs a note.",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "status_note",
                    models.TextField(
                        blank=True,
                        help_text="Why it is not simply accepted.",
                        verbose_name="note on status",
                    ),
                ),
                (
                    "credibility",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5"), (6, "6")],
                        help_text="Admiralty scale, 1 confirmed to 6 cannot be judged. Empty: not judged.",
                        null=True,
                        verbose_name="credibility",
                    ),
                ),
                ("created", models.DateTimeField(auto_now_add=True)),
                ("updated", models.DateTimeField(auto_now=True)),
                (
                    "counts",
                    models.BooleanField(default=False, editable=False, verbose_name="counts"),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="claims",
                        to="incidents.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        help_text="The earlier claim this one replaces; it stays visible and stops counting.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrected_by",
                        to="incidents.claim",
                        verbose_name="corrects claim",
                    ),
                ),
                (
                    "of",
                    models.ForeignKey(
                        blank=True,
                        help_text="For a sub-count: the claim it is a part of.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="incidents.claim",
                        verbose_name="part of claim",
                    ),
                ),
                (
                    "repeats",
                    models.ForeignKey(
                        blank=True,
                        help_text="The claim this one relays or reprints; it then adds nothing to the figure.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="repeated_by",
                        to="incidents.claim",
                        verbose_name="repeats claim",
                    ),
                ),
                (
                    "restricted_to",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Only members of these groups see the record at all. Empty: everybody who may sign in.",
                        related_name="+",
                        to="auth.group",
                        verbose_name="restricted to",
                    ),
                ),
            ],
            options={
                "verbose_name": "claim",
                "verbose_name_plural": "claims",
                "ordering": ["id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("restricted", True)),
                        fields=["id"],
                        name="incidents_claim_restricted",
                    ),
                    models.Index(
                        condition=models.Q(("basis", ""), ("status", "accepted")),
                        fields=["id"],
                        name="incidents_no_basis",
                    ),
                    models.Index(
                        condition=models.Q(("source_suggested", True)),
                        fields=["id"],
                        name="incidents_claim_suggested",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("earliest__isnull", True),
                            ("latest__isnull", True),
                            ("earliest__lte", models.F("latest")),
                            _connector="OR",
                        ),
                        name="incidents_claim_days_in_order",
                        violation_error_message="The earliest day is after the latest day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("words", ""), _negated=True),
                        name="incidents_claim_words_given",
                        violation_error_message="Give the count in the source's own words.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "qualifier__in",
                                [
                                    "exactly",
                                    "about",
                                    "nearly",
                                    "odd",
                                    "at_most",
                                    "less_than",
                                    "at_least",
                                    "more_than",
                                    "between",
                                    "indefinite",
                                    "unstated",
                                ],
                            )
                        ),
                        name="incidents_claim_qualifier_is_known",
                        violation_error_message="qualifier: exactly, about, nearly, odd, at_most, less_than, at_least, more_than, between, indefinite, unstated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("unit__in", ["persons", "families", "households", "flights"])
                        ),
                        name="incidents_claim_unit_is_known",
                        violation_error_message="unit: persons, families, households, flights",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("high", models.F("value")),
                                ("low", models.F("value")),
                                ("qualifier", "exactly"),
                            ),
                            models.Q(
                                ("qualifier__in", ["about", "nearly", "odd"]),
                                ("high__isnull", True),
                                ("low__isnull", True),
                                ("value__isnull", False),
                            ),
                            models.Q(
                                ("qualifier__in", ["at_most", "less_than"]),
                                ("high__isnull", False),
                                ("low__isnull", True),
                                ("value__isnull", True),
                            ),
                            models.Q(
                                ("qualifier__in", ["at_least", "more_than"]),
                                ("high__isnull", True),
                                ("low__isnull", False),
                                ("value__isnull", True),
                            ),
                            models.Q(
                                ("low__lte", models.F("high")),
                                ("qualifier", "between"),
                                ("value__isnull", True),
                            ),
                            models.Q(
                                ("qualifier__in", ["indefinite", "unstated"]),
                                ("high__isnull", True),
                                ("low__isnull", True),
                                ("value__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="incidents_claim_bounds_fit_qualifier",
                        violation_error_message="The bounds do not follow from the qualifier.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "stance__in",
                                [
                                    "affirms",
                                    "affirms_in_part",
                                    "does_not_deny",
                                    "denies",
                                    "cannot_confirm",
                                    "disputes_number",
                                    "comments",
                                ],
                            )
                        ),
                        name="incidents_claim_stance_is_known",
                        violation_error_message="stance: affirms, affirms_in_part, does_not_deny, denies, cannot_confirm, disputes_number, comments",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "measure__in",
                                [
                                    "returned",
                                    "arrested",
                                    "detained",
                                    "dead",
                                    "missing",
                                    "injured",
                                    "disappeared",
                                    "affected",
                                ],
                            )
                        ),
                        name="incidents_claim_measure_is_known",
                        violation_error_message="measure: returned, arrested, detained, dead, missing, injured, disappeared, affected",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "basis__in",
                                [
                                    "event",
                                    "part",
                                    "stock",
                                    "cumulative",
                                    "rate",
                                    "planned",
                                    "prevented",
                                    "",
                                ],
                            )
                        ),
                        name="incidents_claim_basis_is_known",
                        violation_error_message="basis: event, part, stock, cumulative, rate, planned, prevented",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("origin__in", ["own", "relays", "not_known"])),
                        name="incidents_claim_origin_is_known",
                        violation_error_message="origin: own, relays, not_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status__in", ["accepted", "conflict", "needs_work", "set_aside"])
                        ),
                        name="incidents_claim_status_is_known",
                        violation_error_message="status: accepted, conflict, needs_work, set_aside",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "place_role__in",
                                [
                                    "happened",
                                    "apprehension",
                                    "detention",
                                    "crossing",
                                    "destination",
                                    "unclear",
                                    "context",
                                    "",
                                ],
                            )
                        ),
                        name="incidents_claim_place_role_is_known",
                        violation_error_message="place_role: happened, apprehension, detention, crossing, destination, unclear, context",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("credibility__isnull", True),
                            ("credibility__range", (1, 6)),
                            _connector="OR",
                        ),
                        name="incidents_claim_credibility_one_to_six",
                        violation_error_message="Credibility is a number from 1 to 6, or empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "accepted"),
                            models.Q(("status_note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="incidents_claim_status_explained",
                        violation_error_message="Say in the note on status why the claim is not simply accepted.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("of__isnull", True),
                                models.Q(("of", models.F("id")), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("repeats__isnull", True),
                                models.Q(("repeats", models.F("id")), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("corrects__isnull", True),
                                models.Q(("corrects", models.F("id")), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="incidents_claim_refers_to_others",
                        violation_error_message="A claim cannot be part of, repeat or correct itself.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("mark", models.CharField(max_length=32)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)),
                        name="incidents_edition_is_one_row",
                        violation_error_message="There is one edition, the present one.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalArticle",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "date_words",
                    models.CharField(
                        blank=True,
                        help_text="The date in the source's own words, or ISO or EDTF (2024-04-26, 2023-10~). Leave empty when the source does not say. To give your own reading of other words, put EDTF in brackets behind them: shortly after the Asian Games [2023-10~].",
                        max_length=200,
                        verbose_name="date as worded",
                    ),
                ),
                (
                    "date_edtf",
                    models.CharField(
                        blank=True, editable=False, max_length=120, verbose_name="date (EDTF)"
                    ),
                ),
                (
                    "earliest",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="earliest day"
                    ),
                ),
                (
                    "latest",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="latest day"
                    ),
                ),
                (
                    "date_inferred",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="date inferred"
                    ),
                ),
                (
                    "date_anchor",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="worked out from"
                    ),
                ),
                (
                    "date_reasoning",
                    models.TextField(blank=True, editable=False, verbose_name="reasoning"),
                ),
                (
                    "url",
                    models.URLField(
                        blank=True,
                        help_text="Where you read it. Empty for print, broadcast or an unpublished report.",
                        max_length=2000,
                        verbose_name="URL",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        blank=True,
                        help_text="As printed; in brackets when you describe it. May stay empty where there is a URL.",
                        max_length=500,
                        verbose_name="title",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        help_text="en, ko, zh-Hant … Empty: unknown.",
                        max_length=20,
                        verbose_name="language",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("news", "news article"),
                            ("editorial", "editorial or opinion"),
                            ("report", "report"),
                            ("statement", "press release or statement"),
                            ("page", "web page"),
                            ("broadcast", "broadcast"),
                            ("post", "social media post"),
                            ("other", "other"),
                        ],
                        default="news",
                        help_text="News unless you know better.",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "archive_url",
                    models.URLField(
                        blank=True,
                        help_text="A copy in a web archive. Empty when there is none yet.",
                        max_length=2000,
                        verbose_name="archive URL",
                    ),
                ),
                (
                    "accessed_on",
                    models.DateField(
                        blank=True,
                        help_text="The day you read it.",
                        null=True,
                        verbose_name="accessed on",
                    ),
                ),
                (
                    "coding_state",
                    models.CharField(
                        choices=[
                            ("to_code", "to code"),
                            ("coded", "coded"),
                            ("nothing_new", "read - nothing new"),
                        ],
                        default="to_code",
                        help_text="Whether its claims are in the records yet.",
                        max_length=12,
                        verbose_name="coding state",
                    ),
                ),
                ("created", models.DateTimeField(blank=True, editable=False)),
                ("updated", models.DateTimeField(blank=True, editable=False)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "assigned_to",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        help_text="In whose queue it waits. Empty: whoever comes first.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assigned to",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "reprint_of",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        help_text="The article whose text this one repeats. Empty when it stands on its own.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.article",
                        verbose_name="reprint of",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical article",
                "verbose_name_plural": "historical articles",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalArticle_restricted_to",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.article",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="auth.group",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="incidents.historicalarticle",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalArticle_restricted_to",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalCategory",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.SlugField(
                        help_text="Never changed.", max_length=40, verbose_name="code"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="As the pages show it.", max_length=100, verbose_name="name"
                    ),
                ),
                (
                    "name_ko",
                    models.CharField(blank=True, max_length=100, verbose_name="name in Korean"),
                ),
                (
                    "name_zh",
                    models.CharField(blank=True, max_length=100, verbose_name="name in Chinese"),
                ),
                (
                    "definition",
                    models.TextField(
                        help_text="What belongs here, and what does not.", verbose_name="definition"
                    ),
                ),
                (
                    "definition_ko",
                    models.TextField(blank=True, verbose_name="definition in Korean"),
                ),
                (
                    "definition_zh",
                    models.TextField(blank=True, verbose_name="definition in Chinese"),
                ),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("returned", "returned"),
                            ("arrested", "arrested"),
                            ("detained", "detained"),
                            ("dead", "dead"),
                            ("missing", "missing"),
                            ("injured", "injured"),
                            ("disappeared", "disappeared"),
                            ("affected", "affected"),
                        ],
                        help_text="The count that stands on an incident's row.",
                        max_length=12,
                        verbose_name="principal measure",
                    ),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Order in lists.", verbose_name="position"
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical category",
                "verbose_name_plural": "historical categories",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalClaim",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "date_words",
                    models.CharField(
                        blank=True,
                        help_text="The date in the source's own words, or ISO or EDTF (2024-04-26, 2023-10~). Leave empty when the source does not say. To give your own reading of other words, put EDTF in brackets behind them: shortly after the Asian Games [2023-10~].",
                        max_length=200,
                        verbose_name="date as worded",
                    ),
                ),
                (
                    "date_edtf",
                    models.CharField(
                        blank=True, editable=False, max_length=120, verbose_name="date (EDTF)"
                    ),
                ),
                (
                    "earliest",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="earliest day"
                    ),
                ),
                (
                    "latest",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="latest day"
                    ),
                ),
                (
                    "date_inferred",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="date inferred"
                    ),
                ),
                (
                    "date_anchor",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="worked out from"
                    ),
                ),
                (
                    "date_reasoning",
                    models.TextField(blank=True, editable=False, verbose_name="reasoning"),
                ),
                (
                    "words",
                    models.CharField(
                        help_text="The count in the source's own words: around 200, up to 60, 200여 명, 约600名. Write “others” or “none stated” when the source gives no number.",
                        max_length=200,
                        verbose_name="count as worded",
                    ),
                ),
                (
                    "qualifier",
                    models.CharField(
                        choices=[
                            ("exactly", "exactly"),
                            ("about", "about"),
                            ("nearly", "nearly"),
                            ("odd", "a little over"),
                            ("at_most", "at most"),
                            ("less_than", "less than"),
                            ("at_least", "at least"),
                            ("more_than", "more than"),
                            ("between", "between"),
                            ("indefinite", "indefinite"),
                            ("unstated", "unstated"),
                        ],
                        default="unstated",
                        editable=False,
                        max_length=12,
                        verbose_name="qualifier",
                    ),
                ),
                (
                    "low",
                    models.PositiveIntegerField(
                        blank=True, editable=False, null=True, verbose_name="low"
                    ),
                ),
                (
                    "value",
                    models.PositiveIntegerField(
                        blank=True, editable=False, null=True, verbose_name="value"
                    ),
                ),
                (
                    "high",
                    models.PositiveIntegerField(
                        blank=True, editable=False, null=True, verbose_name="high"
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("persons", "persons"),
                            ("families", "families"),
                            ("households", "households"),
                            ("flights", "flights"),
                        ],
                        default="persons",
                        editable=False,
                        max_length=12,
                        verbose_name="unit",
                    ),
                ),
                (
                    "source_as_printed",
                    models.CharField(
                        blank=True,
                        help_text="The name as the article prints it, even when you think it is wrong.",
                        max_length=200,
                        verbose_name="source as printed",
                    ),
                ),
                (
                    "source_suggested",
                    models.BooleanField(
                        default=False,
                        help_text="Tick while nobody has agreed that the printed name means this source.",
                        verbose_name="source is a suggested reading",
                    ),
                ),
                (
                    "stance",
                    models.CharField(
                        choices=[
                            ("affirms", "affirms"),
                            ("affirms_in_part", "affirms in part"),
                            ("does_not_deny", "does not deny"),
                            ("denies", "denies"),
                            ("cannot_confirm", "cannot confirm"),
                            ("disputes_number", "disputes the number"),
                            ("comments", "comments"),
                        ],
                        default="affirms",
                        help_text="What the source does with the report: it affirms, denies, comments …",
                        max_length=16,
                        verbose_name="stance",
                    ),
                ),
                (
                    "measure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("returned", "returned"),
                            ("arrested", "arrested"),
                            ("detained", "detained"),
                            ("dead", "dead"),
                            ("missing", "missing"),
                            ("injured", "injured"),
                            ("disappeared", "disappeared"),
                            ("affected", "affected"),
                        ],
                        help_text="What is counted. Empty: the category's principal measure.",
                        max_length=12,
                        verbose_name="measure",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("event", "event: the people in this act"),
                            ("part", "part: a sub-count of another claim"),
                            ("stock", "stock: people in a state at one time"),
                            ("cumulative", "cumulative: a total over several acts"),
                            ("rate", "rate: per day, month or year"),
                            ("planned", "planned: has not happened"),
                            ("prevented", "prevented: did not happen"),
                        ],
                        help_text="What the number covers. Until this is said the claim does not count.",
                        max_length=12,
                        verbose_name="basis",
                    ),
                ),
                (
                    "people",
                    models.CharField(
                        blank=True,
                        help_text="refugees, workers, Uyghurs … Empty when not said.",
                        max_length=200,
                        verbose_name="people as printed",
                    ),
                ),
                (
                    "act_words",
                    models.CharField(
                        blank=True,
                        help_text="강제북송, deported, sent back … Empty when not said.",
                        max_length=200,
                        verbose_name="act as printed",
                    ),
                ),
                (
                    "place_words",
                    models.CharField(
                        blank=True,
                        help_text="The place in the source's own words. Empty when not said.",
                        max_length=200,
                        verbose_name="place as printed",
                    ),
                ),
                (
                    "place_role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("happened", "where it happened"),
                            ("apprehension", "apprehension"),
                            ("detention", "detention"),
                            ("crossing", "crossing"),
                            ("destination", "destination"),
                            ("unclear", "role unclear"),
                            ("context", "context only"),
                        ],
                        help_text="What happened there. “Role unclear” when the source does not say.",
                        max_length=12,
                        verbose_name="role of the place",
                    ),
                ),
                (
                    "quote",
                    models.TextField(
                        blank=True,
                        help_text="One short sentence as printed. No names of victims. May stay empty.",
                        verbose_name="quote",
                    ),
                ),
                (
                    "translation",
                    models.TextField(
                        blank=True,
                        help_text="Your translation of the quote. May stay empty.",
                        verbose_name="translation",
                    ),
                ),
                (
                    "locator",
                    models.CharField(
                        blank=True,
                        help_text="Page, paragraph or characters: p. 3, para 2, [326,454).",
                        max_length=100,
                        verbose_name="locator",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("own", "gathered it itself"),
                            ("relays", "relays somebody else"),
                            ("not_known", "not known"),
                        ],
                        default="not_known",
                        help_text="Whether the source gathered this itself.",
                        max_length=10,
                        verbose_name="origin",
                    ),
                ),
                (
                    "seen_original",
                    models.BooleanField(
                        default=False,
                        help_text="Tick when you read the claimant's own publication.",
                        verbose_name="original seen",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("accepted", "accepted"),
                            ("conflict", "conflict"),
                            ("needs_work", "needs work"),
                            ("set_aside", "set aside"),
                        ],
                        default="accepted",
                        help_text="Anything but accepted needs a note.",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                (
                    "status_note",
                    models.TextField(
                        blank=True,
                        help_text="Why it is not simply accepted.",
                        verbose_name="note on status",
                    ),
                ),
                (
                    "credibility",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        choices=[(1, "1"), (2, "2"), (3, "3"), (4, "4"), (5, "5"), (6, "6")],
                        help_text="Admiralty scale, 1 confirmed to 6 cannot be judged. Empty: not judged.",
                        null=True,
                        verbose_name="credibility",
                    ),
                ),
                ("created", models.DateTimeField(blank=True, editable=False)),
                ("updated", models.DateTimeField(blank=True, editable=False)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "article",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        help_text="The earlier claim this one replaces; it stays visible and stops counting.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.claim",
                        verbose_name="corrects claim",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "of",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        help_text="For a sub-count: the claim it is a part of.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.claim",
                        verbose_name="part of claim",
                    ),
                ),
                (
                    "repeats",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        help_text="The claim this one relays or reprints; it then adds nothing to the figure.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.claim",
                        verbose_name="repeats claim",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical claim",
                "verbose_name_plural": "historical claims",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalClaim_restricted_to",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.claim",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="auth.group",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="incidents.historicalclaim",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalClaim_restricted_to",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalIncident",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "date_words",
                    models.CharField(
                        blank=True,
                        help_text="The date in the source's own words, or ISO or EDTF (2024-04-26, 2023-10~). Leave empty when the source does not say. To give your own reading of other words, put EDTF in brackets behind them: shortly after the Asian Games [2023-10~].",
                        max_length=200,
                        verbose_name="date as worded",
                    ),
                ),
                (
                    "date_edtf",
                    models.CharField(
                        blank=True, editable=False, max_length=120, verbose_name="date (EDTF)"
                    ),
                ),
                (
                    "earliest",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="earliest day"
                    ),
                ),
                (
                    "latest",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="latest day"
                    ),
                ),
                (
                    "date_inferred",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="date inferred"
                    ),
                ),
                (
                    "date_anchor",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="worked out from"
                    ),
                ),
                (
                    "date_reasoning",
                    models.TextField(blank=True, editable=False, verbose_name="reasoning"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("event", "event"), ("wave", "wave"), ("aggregate", "aggregate")],
                        default="event",
                        help_text="Event: one act. Wave: a series of acts. Aggregate: a published total.",
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="One plain line: who, what, where, when. No names.",
                        max_length=300,
                        verbose_name="title",
                    ),
                ),
                (
                    "summary",
                    models.TextField(
                        blank=True,
                        help_text="What is known and what is judged. No names of victims. May stay empty.",
                        verbose_name="summary",
                    ),
                ),
                (
                    "people_label",
                    models.CharField(
                        blank=True,
                        help_text="As the sources call them: refugees, workers, 탈북민. Empty when not said.",
                        max_length=200,
                        verbose_name="people",
                    ),
                ),
                (
                    "date_not_stated",
                    models.BooleanField(
                        default=False,
                        help_text="Tick when you looked and no source gives a date.",
                        verbose_name="no date is stated",
                    ),
                ),
                (
                    "place_not_stated",
                    models.BooleanField(
                        default=False,
                        help_text="Tick when you looked and no source gives a place.",
                        verbose_name="no place is stated",
                    ),
                ),
                (
                    "latitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="Only where a source gives a point of its own. Degrees, south negative.",
                        max_digits=9,
                        null=True,
                        verbose_name="latitude",
                    ),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="Only where a source gives a point of its own. Degrees, west negative.",
                        max_digits=9,
                        null=True,
                        verbose_name="longitude",
                    ),
                ),
                (
                    "point_precision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("exact", "exact point"),
                            ("site", "site"),
                            ("locality", "town or village"),
                        ],
                        help_text="How exact the source's point is. Empty without a point.",
                        max_length=10,
                        verbose_name="precision of the point",
                    ),
                ),
                (
                    "responsible",
                    models.CharField(
                        blank=True,
                        help_text="As the sources put it. Empty when not said.",
                        max_length=300,
                        verbose_name="responsible authority, as alleged",
                    ),
                ),
                (
                    "extra",
                    models.TextField(
                        blank=True, default="", editable=False, verbose_name="extra data"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                            ("merged", "merged"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "review_note",
                    models.TextField(
                        blank=True, default="", editable=False, verbose_name="note from review"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                (
                    "signed_version",
                    models.PositiveIntegerField(
                        default=0, editable=False, verbose_name="signed version"
                    ),
                ),
                (
                    "signed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="signed at"),
                ),
                (
                    "second_read",
                    models.BooleanField(default=False, editable=False, verbose_name="second-read"),
                ),
                (
                    "first_published",
                    models.DateTimeField(editable=False, null=True, verbose_name="first published"),
                ),
                ("created", models.DateTimeField(blank=True, editable=False)),
                (
                    "updated",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        help_text="The kind of act; “other” when none fits.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.category",
                        verbose_name="category",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "logged_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="logged by",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical incident",
                "verbose_name_plural": "historical incidents",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255, verbose_name="file")),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveBigIntegerField(default=0)),
                ("file", models.FileField(blank=True, upload_to="imports/")),
                ("mapping", models.TextField(blank=True)),
                ("dataset", models.CharField(blank=True, max_length=100, verbose_name="data set")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                            ("merged", "merged"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("encoding", models.CharField(blank=True, max_length=40)),
                ("delimiter", models.CharField(blank=True, max_length=1)),
                ("keep_good", models.BooleanField(default=False)),
                ("options", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("uploaded", "uploaded"),
                            ("checking", "being checked"),
                            ("checked", "checked"),
                            ("saving", "being saved"),
                            ("saved", "saved"),
                            ("refused", "refused"),
                            ("cancelled", "cancelled"),
                            ("undone", "undone"),
                        ],
                        default="checking",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("rows", models.PositiveIntegerField(default=0)),
                ("new", models.PositiveIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("unchanged", models.PositiveIntegerField(default=0)),
                ("revived", models.PositiveIntegerField(default=0)),
                ("merged", models.PositiveIntegerField(default=0)),
                ("conflicts", models.PositiveIntegerField(default=0)),
                ("rejected", models.PositiveIntegerField(default=0)),
                ("duplicates", models.PositiveIntegerField(default=0)),
                ("progress", models.PositiveSmallIntegerField(default=0)),
                ("report", models.JSONField(default=list)),
                ("problem", models.TextField(blank=True)),
                ("started", models.DateTimeField(auto_now_add=True)),
                ("ended", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ["-id"],
                "permissions": [("run_import", "Can import files and undo imports")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "uploaded",
                                    "checking",
                                    "checked",
                                    "saving",
                                    "saved",
                                    "refused",
                                    "cancelled",
                                    "undone",
                                ],
                            )
                        ),
                        name="incidents_import_state_is_known",
                        violation_error_message="state: uploaded, checking, checked, saving, saved, refused, cancelled, undone",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("progress__lte", 100)),
                        name="incidents_import_progress_per_cent",
                        violation_error_message="progress: 0 to 100",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentKnot",
            fields=[
                (
                    "incident",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="standing",
                        serialize=False,
                        to="incidents.incident",
                    ),
                ),
                ("size", models.PositiveIntegerField()),
                ("counted", models.BooleanField()),
                ("counted_why", models.TextField(blank=True)),
                ("overlap_group", models.BigIntegerField(null=True)),
            ],
        ),
        migrations.AddField(
            model_name="incident",
            name="category",
            field=models.ForeignKey(
                db_index=False,
                help_text="The kind of act; “other” when none fits.",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="incidents",
                to="incidents.category",
                verbose_name="category",
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="logged_by",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="logged_incidents",
                to=settings.AUTH_USER_MODEL,
                verbose_name="logged by",
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="merged_into",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="absorbed",
                to="incidents.incident",
                verbose_name="merged into",
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="restricted_to",
            field=models.ManyToManyField(
                blank=True,
                help_text="Only members of these groups see the record at all. Empty: everybody who may sign in.",
                related_name="+",
                to="auth.group",
                verbose_name="restricted to",
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="signed_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="signed_incidents",
                to=settings.AUTH_USER_MODEL,
                verbose_name="signed by",
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="wave",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The series this event belongs to. Empty when none.",
                limit_choices_to={"kind": "wave"},
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="events",
                to="incidents.incident",
                verbose_name="part of wave",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalIncidentLink",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("same_people", "may be the same people"),
                            ("next_stage", "same people, next stage"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "certainty",
                    models.CharField(
                        choices=[
                            ("possible", "possible"),
                            ("probable", "probable"),
                            ("established", "established"),
                        ],
                        default="possible",
                        max_length=12,
                        verbose_name="certainty",
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        help_text="What speaks for it, and what against.", verbose_name="reason"
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.incident",
                        verbose_name="first",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.incident",
                        verbose_name="second",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical link",
                "verbose_name_plural": "historical links",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalIncident_restricted_to",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="auth.group",
                    ),
                ),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        to="incidents.historicalincident",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalIncident_restricted_to",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="historicalincident",
            name="merged_into",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="incidents.incident",
                verbose_name="merged into",
            ),
        ),
        migrations.AddField(
            model_name="historicalincident",
            name="wave",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="The series this event belongs to. Empty when none.",
                limit_choices_to={"kind": "wave"},
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="incidents.incident",
                verbose_name="part of wave",
            ),
        ),
        migrations.AddField(
            model_name="historicalclaim",
            name="incident",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="incidents.incident",
                verbose_name="incident",
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="incident",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claims",
                to="incidents.incident",
                verbose_name="incident",
            ),
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "people_low",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="low"),
                ),
                (
                    "people_best",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="best"),
                ),
                (
                    "people_high",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="high"),
                ),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("returned", "returned"),
                            ("arrested", "arrested"),
                            ("detained", "detained"),
                            ("dead", "dead"),
                            ("missing", "missing"),
                            ("injured", "injured"),
                            ("disappeared", "disappeared"),
                            ("affected", "affected"),
                        ],
                        max_length=12,
                        verbose_name="measure",
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        help_text="How the numbers were reached: “the lowest documented count” …",
                        max_length=200,
                        verbose_name="rule",
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        help_text="Why, so that a colleague can check it.", verbose_name="reason"
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "claims",
                    models.ManyToManyField(
                        help_text="The claims the decision rests on.",
                        related_name="assessments",
                        to="incidents.claim",
                        verbose_name="claims used",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "verbose_name": "assessment",
                "verbose_name_plural": "assessments",
                "ordering": ["-made_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("people_low__isnull", True),
                                ("people_best__isnull", True),
                                ("people_low__lte", models.F("people_best")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("people_best__isnull", True),
                                ("people_high__isnull", True),
                                ("people_best__lte", models.F("people_high")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("people_low__isnull", True),
                                ("people_high__isnull", True),
                                ("people_low__lte", models.F("people_high")),
                                _connector="OR",
                            ),
                        ),
                        name="incidents_assessment_low_best_high_in_order",
                        violation_error_message="Low must not exceed best, nor best exceed high.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "measure__in",
                                [
                                    "returned",
                                    "arrested",
                                    "detained",
                                    "dead",
                                    "missing",
                                    "injured",
                                    "disappeared",
                                    "affected",
                                ],
                            )
                        ),
                        name="incidents_assessment_measure_is_known",
                        violation_error_message="measure: returned, arrested, detained, dead, missing, injured, disappeared, affected",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("people_low__isnull", False),
                            ("people_best__isnull", False),
                            ("people_high__isnull", False),
                            _connector="OR",
                        ),
                        name="incidents_assessment_says_something",
                        violation_error_message="Give at least one of low, best and high.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("rule", ""), _negated=True),
                        name="incidents_assessment_rule_given",
                        violation_error_message="Say by which rule the numbers were reached.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="incidents_assessment_reason_given",
                        violation_error_message="Say why.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentFigure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "people_low",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="low"),
                ),
                (
                    "people_best",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="best"),
                ),
                (
                    "people_high",
                    models.PositiveBigIntegerField(blank=True, null=True, verbose_name="high"),
                ),
                ("stated_min", models.PositiveBigIntegerField(editable=False, null=True)),
                ("stated_max", models.PositiveBigIntegerField(editable=False, null=True)),
                (
                    "figure_kind",
                    models.CharField(
                        choices=[
                            ("exact", "exact"),
                            ("about", "about"),
                            ("at_least", "at least"),
                            ("at_most", "at most"),
                            ("range", "range"),
                            ("disputed", "disputed"),
                            ("assessed", "assessed"),
                            ("none", "no figure"),
                        ],
                        default="none",
                        editable=False,
                        max_length=10,
                    ),
                ),
                ("figure_words", models.TextField(blank=True, editable=False)),
                ("figure_words_ko", models.TextField(blank=True, editable=False)),
                ("figure_words_zh", models.TextField(blank=True, editable=False)),
                ("disputed", models.BooleanField(default=False, editable=False)),
                ("sources_named", models.PositiveIntegerField(default=0, editable=False)),
                ("sources_own", models.PositiveIntegerField(default=0, editable=False)),
                ("newer_claims", models.PositiveIntegerField(default=0, editable=False)),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("returned", "returned"),
                            ("arrested", "arrested"),
                            ("detained", "detained"),
                            ("dead", "dead"),
                            ("missing", "missing"),
                            ("injured", "injured"),
                            ("disappeared", "disappeared"),
                            ("affected", "affected"),
                        ],
                        max_length=12,
                    ),
                ),
                ("sort_day", models.DateField()),
                ("first_month", models.IntegerField()),
                ("last_month", models.IntegerField()),
                ("principal", models.BooleanField(default=False)),
                ("summed", models.BooleanField(default=False)),
                (
                    "category",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.category",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="figures",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["measure", "-sort_day", "-incident"], name="incidents_figure_day"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("people_low__isnull", True),
                                ("people_best__isnull", True),
                                ("people_low__lte", models.F("people_best")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("people_best__isnull", True),
                                ("people_high__isnull", True),
                                ("people_best__lte", models.F("people_high")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("people_low__isnull", True),
                                ("people_high__isnull", True),
                                ("people_low__lte", models.F("people_high")),
                                _connector="OR",
                            ),
                        ),
                        name="incidents_incidentfigure_low_best_high_in_order",
                        violation_error_message="Low must not exceed best, nor best exceed high.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "figure_kind__in",
                                [
                                    "exact",
                                    "about",
                                    "at_least",
                                    "at_most",
                                    "range",
                                    "disputed",
                                    "assessed",
                                    "none",
                                ],
                            )
                        ),
                        name="incidents_incidentfigure_figure_kind_is_known",
                        violation_error_message="figure_kind: exact, about, at_least, at_most, range, disputed, assessed, none",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "measure__in",
                                [
                                    "returned",
                                    "arrested",
                                    "detained",
                                    "dead",
                                    "missing",
                                    "injured",
                                    "disappeared",
                                    "affected",
                                ],
                            )
                        ),
                        name="incidents_incidentfigure_measure_is_known",
                        violation_error_message="measure: returned, arrested, detained, dead, missing, injured, disappeared, affected",
                    ),
                    models.UniqueConstraint(
                        fields=("incident", "measure"),
                        name="incidents_incidentfigure_once_a_measure",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("same_people", "may be the same people"),
                            ("next_stage", "same people, next stage"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "certainty",
                    models.CharField(
                        choices=[
                            ("possible", "possible"),
                            ("probable", "probable"),
                            ("established", "established"),
                        ],
                        default="possible",
                        max_length=12,
                        verbose_name="certainty",
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        help_text="What speaks for it, and what against.", verbose_name="reason"
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_onward",
                        to="incidents.incident",
                        verbose_name="first",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links_back",
                        to="incidents.incident",
                        verbose_name="second",
                    ),
                ),
            ],
            options={
                "verbose_name": "link",
                "verbose_name_plural": "links",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["same_people", "next_stage"])),
                        name="incidents_incidentlink_kind_is_known",
                        violation_error_message="kind: same_people, next_stage",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("certainty__in", ["possible", "probable", "established"])
                        ),
                        name="incidents_incidentlink_certainty_is_known",
                        violation_error_message="certainty: possible, probable, established",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="incidents_incidentlink_reason_given",
                        violation_error_message="Say what speaks for the link.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first", models.F("second")), _negated=True),
                        name="incidents_incidentlink_two_incidents",
                        violation_error_message="An incident cannot be linked to itself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "same_people"), _negated=True),
                            ("first__lt", models.F("second")),
                            _connector="OR",
                        ),
                        name="incidents_incidentlink_same_people_in_order",
                        violation_error_message="A link between the same people names the older code first.",
                    ),
                    models.UniqueConstraint(
                        fields=("first", "second", "kind"),
                        name="incidents_incidentlink_once",
                        violation_error_message="These two incidents are already linked in this way.",
                    ),
                ],
            },
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="IncidentText",
                    fields=[
                        (
                            "key",
                            models.BigIntegerField(
                                db_column="rowid", primary_key=True, serialize=False
                            ),
                        ),
                        ("words", incidents.models.texts.WordsField()),
                        (
                            "incident",
                            models.ForeignKey(
                                db_constraint=False,
                                db_index=False,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="texts",
                                to="incidents.incident",
                            ),
                        ),
                    ],
                ),
            ],
            database_operations=[migrations.RunPython(make_text_table, drop_text_table)],
        ),
        migrations.CreateModel(
            name="KnotSum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("incidents", models.BigIntegerField()),
                ("lines", models.BigIntegerField()),
                ("without_figure", models.BigIntegerField()),
                ("without_low", models.BigIntegerField()),
                ("without_best", models.BigIntegerField()),
                ("without_high", models.BigIntegerField()),
                ("low_sum", models.BigIntegerField()),
                ("best_sum", models.BigIntegerField()),
                ("high_sum", models.BigIntegerField()),
                ("about", models.BigIntegerField()),
                ("disputed", models.BigIntegerField()),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("returned", "returned"),
                            ("arrested", "arrested"),
                            ("detained", "detained"),
                            ("dead", "dead"),
                            ("missing", "missing"),
                            ("injured", "injured"),
                            ("disappeared", "disappeared"),
                            ("affected", "affected"),
                        ],
                        max_length=12,
                    ),
                ),
                ("silent", models.BigIntegerField()),
                ("groups", models.BigIntegerField()),
                ("overlapping", models.BigIntegerField()),
                ("left_out", models.BigIntegerField()),
                (
                    "knot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="knot_sums",
                        to="incidents.incident",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("knot", "measure"), name="incidents_knotsum_once_a_measure"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Merge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("incident", "incident"),
                            ("source", "source"),
                            ("place", "place"),
                        ],
                        max_length=10,
                    ),
                ),
                ("gone", models.PositiveBigIntegerField()),
                ("survivor", models.PositiveBigIntegerField()),
                ("moved", models.JSONField(default=dict)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("reason", models.TextField(verbose_name="reason")),
                ("undone_at", models.DateTimeField(null=True)),
                ("undone_reason", models.TextField(blank=True, verbose_name="reason for undoing")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="undone_merges",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "merge",
                "verbose_name_plural": "merges",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["incident", "source", "place"])),
                        name="incidents_merge_kind_is_known",
                        violation_error_message="kind: incident, source, place",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True),
                        name="incidents_merge_reason_given",
                        violation_error_message="Say why.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gone", models.F("survivor")), _negated=True),
                        name="incidents_merge_two_records",
                        violation_error_message="A record cannot join itself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by__isnull", True)),
                            models.Q(
                                ("undone_at__isnull", False),
                                ("undone_by__isnull", False),
                                models.Q(("undone_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="incidents_merge_undone_by_somebody",
                        violation_error_message="Who undoes a merge says why.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("kind", "gone"),
                        name="incidents_merge_gone_once",
                        violation_error_message="This record was already merged into another.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MonthSum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("incidents", models.BigIntegerField()),
                ("lines", models.BigIntegerField()),
                ("without_figure", models.BigIntegerField()),
                ("without_low", models.BigIntegerField()),
                ("without_best", models.BigIntegerField()),
                ("without_high", models.BigIntegerField()),
                ("low_sum", models.BigIntegerField()),
                ("best_sum", models.BigIntegerField()),
                ("high_sum", models.BigIntegerField()),
                ("about", models.BigIntegerField()),
                ("disputed", models.BigIntegerField()),
                ("place", models.BigIntegerField()),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("returned", "returned"),
                            ("arrested", "arrested"),
                            ("detained", "detained"),
                            ("dead", "dead"),
                            ("missing", "missing"),
                            ("injured", "injured"),
                            ("disappeared", "disappeared"),
                            ("affected", "affected"),
                        ],
                        max_length=12,
                    ),
                ),
                ("first_month", models.IntegerField()),
                ("last_month", models.IntegerField()),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.category",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("lines", 0)), fields=["id"], name="incidents_sum_empty"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("place", "category", "measure", "first_month", "last_month"),
                        name="incidents_monthsum_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Origin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("dataset", models.CharField(max_length=100)),
                ("own_id", models.CharField(max_length=250)),
                ("row", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=32)),
                ("version", models.PositiveIntegerField()),
                (
                    "claim",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="origins",
                        to="incidents.claim",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="origins",
                        to="incidents.incident",
                    ),
                ),
                (
                    "last",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="brought",
                        to="incidents.import",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="made",
                        to="incidents.import",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("dataset", "own_id"), name="incidents_origin_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        help_text="CN for a country, CN-JL for a division, CN-JL/tumen for what lies in it.",
                        max_length=80,
                        unique=True,
                        verbose_name="code",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("region", "region"),
                            ("subregion", "subregion"),
                            ("country", "country"),
                            ("admin1", "first-level division"),
                            ("admin2", "second-level division"),
                            ("locality", "town or village"),
                            ("site", "site"),
                        ],
                        help_text="What sort of place this is.",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="The usual English name; other names go below.",
                        max_length=200,
                        verbose_name="name",
                    ),
                ),
                (
                    "name_ko",
                    models.CharField(
                        blank=True,
                        help_text="Empty when not known.",
                        max_length=200,
                        verbose_name="Korean name",
                    ),
                ),
                (
                    "name_zh",
                    models.CharField(
                        blank=True,
                        help_text="Empty when not known.",
                        max_length=200,
                        verbose_name="Chinese name",
                    ),
                ),
                (
                    "iso3",
                    models.CharField(
                        blank=True, editable=False, max_length=3, verbose_name="ISO 3166-1 alpha-3"
                    ),
                ),
                (
                    "latitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="Degrees, south negative. Empty when not known.",
                        max_digits=9,
                        null=True,
                        verbose_name="latitude",
                    ),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="Degrees, west negative. Empty when not known.",
                        max_digits=9,
                        null=True,
                        verbose_name="longitude",
                    ),
                ),
                (
                    "admin1",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.place",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.place",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_from",
                        to="incidents.place",
                        verbose_name="merged into",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        help_text="The next larger place. Empty only for a world region.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="incidents.place",
                        verbose_name="lies in",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="incidents.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "place",
                "verbose_name_plural": "places",
                "ordering": ["name", "id"],
                "permissions": [("merge_place", "Can merge places, and undo it")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "region",
                                    "subregion",
                                    "country",
                                    "admin1",
                                    "admin2",
                                    "locality",
                                    "site",
                                ],
                            )
                        ),
                        name="incidents_place_kind_is_known",
                        violation_error_message="kind: region, subregion, country, admin1, admin2, locality, site",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent__isnull", False),
                            ("kind__in", ["region", "country"]),
                            _connector="OR",
                        ),
                        name="incidents_place_only_regions_are_roots",
                        violation_error_message="Say which larger place this one lies in; only world regions stand alone.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent__isnull", True),
                            models.Q(("parent", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="incidents_place_not_in_itself",
                        violation_error_message="A place cannot lie in itself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into__isnull", True),
                            models.Q(("merged_into", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="incidents_place_not_merged_into_itself",
                        violation_error_message="A place cannot be merged into itself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                            models.Q(
                                ("latitude__range", (-90, 90)), ("longitude__range", (-180, 180))
                            ),
                            _connector="OR",
                        ),
                        name="incidents_place_point_complete",
                        violation_error_message="Give both latitude (-90 to 90) and longitude (-180 to 180), or neither.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentRegion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("happened", "where it happened"),
                            ("apprehension", "apprehension"),
                            ("detention", "detention"),
                            ("crossing", "crossing"),
                            ("destination", "destination"),
                            ("unclear", "role unclear"),
                            ("context", "context only"),
                        ],
                        max_length=12,
                    ),
                ),
                ("sort_day", models.DateField()),
                ("summed", models.BooleanField(default=False)),
                (
                    "incident",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="regions",
                        to="incidents.incident",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="incident_regions",
                        to="incidents.place",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["place", "role", "-sort_day", "-incident"],
                        name="incidents_region_day",
                    ),
                    models.Index(
                        condition=models.Q(("role", "map")),
                        fields=["incident", "place"],
                        name="incidents_on_map",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "place", "role"), name="incidents_incidentregion_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentPlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("happened", "where it happened"),
                            ("apprehension", "apprehension"),
                            ("detention", "detention"),
                            ("crossing", "crossing"),
                            ("destination", "destination"),
                            ("unclear", "role unclear"),
                            ("context", "context only"),
                        ],
                        help_text="“Role unclear” when the source does not say what happened there.",
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                (
                    "words",
                    models.CharField(
                        blank=True,
                        help_text="The place in the source's own words. Empty when it is the usual name.",
                        max_length=200,
                        verbose_name="as printed",
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="places",
                        to="incidents.incident",
                        verbose_name="incident",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        help_text="The smallest place that the sources support.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="incident_places",
                        to="incidents.place",
                        verbose_name="place",
                    ),
                ),
            ],
            options={
                "verbose_name": "place",
                "verbose_name_plural": "places",
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "happened",
                                    "apprehension",
                                    "detention",
                                    "crossing",
                                    "destination",
                                    "unclear",
                                    "context",
                                ],
                            )
                        ),
                        name="incidents_incidentplace_role_is_known",
                        violation_error_message="role: happened, apprehension, detention, crossing, destination, unclear, context",
                    ),
                    models.UniqueConstraint(
                        fields=("incident", "place", "role"),
                        name="incidents_incidentplace_once_a_role",
                        violation_error_message="This place already stands here in this role.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="incident",
            name="main_place",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="incidents.place",
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="nationality",
            field=models.ForeignKey(
                blank=True,
                help_text="Of the people, where stated. Empty when not said.",
                limit_choices_to={"kind": "country"},
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="incidents_by_nationality",
                to="incidents.place",
                verbose_name="nationality",
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="receiving",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The state they were sent to. Empty when it does not apply.",
                limit_choices_to={"kind": "country"},
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="incidents_received",
                to="incidents.place",
                verbose_name="receiving state",
            ),
        ),
        migrations.AddField(
            model_name="incident",
            name="sending",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="The state that sent people away. Empty when it does not apply.",
                limit_choices_to={"kind": "country"},
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="incidents_sent",
                to="incidents.place",
                verbose_name="sending state",
            ),
        ),
        migrations.CreateModel(
            name="HistoricalPlace",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        db_index=True,
                        help_text="CN for a country, CN-JL for a division, CN-JL/tumen for what lies in it.",
                        max_length=80,
                        verbose_name="code",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("region", "region"),
                            ("subregion", "subregion"),
                            ("country", "country"),
                            ("admin1", "first-level division"),
                            ("admin2", "second-level division"),
                            ("locality", "town or village"),
                            ("site", "site"),
                        ],
                        help_text="What sort of place this is.",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="The usual English name; other names go below.",
                        max_length=200,
                        verbose_name="name",
                    ),
                ),
                (
                    "name_ko",
                    models.CharField(
                        blank=True,
                        help_text="Empty when not known.",
                        max_length=200,
                        verbose_name="Korean name",
                    ),
                ),
                (
                    "name_zh",
                    models.CharField(
                        blank=True,
                        help_text="Empty when not known.",
                        max_length=200,
                        verbose_name="Chinese name",
                    ),
                ),
                (
                    "iso3",
                    models.CharField(
                        blank=True, editable=False, max_length=3, verbose_name="ISO 3166-1 alpha-3"
                    ),
                ),
                (
                    "latitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="Degrees, south negative. Empty when not known.",
                        max_digits=9,
                        null=True,
                        verbose_name="latitude",
                    ),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="Degrees, west negative. Empty when not known.",
                        max_digits=9,
                        null=True,
                        verbose_name="longitude",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.place",
                        verbose_name="merged into",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The next larger place. Empty only for a world region.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.place",
                        verbose_name="lies in",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical place",
                "verbose_name_plural": "historical places",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalIncidentPlace",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("happened", "where it happened"),
                            ("apprehension", "apprehension"),
                            ("detention", "detention"),
                            ("crossing", "crossing"),
                            ("destination", "destination"),
                            ("unclear", "role unclear"),
                            ("context", "context only"),
                        ],
                        help_text="“Role unclear” when the source does not say what happened there.",
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                (
                    "words",
                    models.CharField(
                        blank=True,
                        help_text="The place in the source's own words. Empty when it is the usual name.",
                        max_length=200,
                        verbose_name="as printed",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "incident",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.incident",
                        verbose_name="incident",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        help_text="The smallest place that the sources support.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.place",
                        verbose_name="place",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical place",
                "verbose_name_plural": "historical places",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="historicalincident",
            name="nationality",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                help_text="Of the people, where stated. Empty when not said.",
                limit_choices_to={"kind": "country"},
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="incidents.place",
                verbose_name="nationality",
            ),
        ),
        migrations.AddField(
            model_name="historicalincident",
            name="receiving",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                help_text="The state they were sent to. Empty when it does not apply.",
                limit_choices_to={"kind": "country"},
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="incidents.place",
                verbose_name="receiving state",
            ),
        ),
        migrations.AddField(
            model_name="historicalincident",
            name="sending",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                help_text="The state that sent people away. Empty when it does not apply.",
                limit_choices_to={"kind": "country"},
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="incidents.place",
                verbose_name="sending state",
            ),
        ),
        migrations.AddField(
            model_name="historicalclaim",
            name="place",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                help_text="The smallest known place that covers those words. Empty when not said.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="incidents.place",
                verbose_name="place",
            ),
        ),
        migrations.AddField(
            model_name="claim",
            name="place",
            field=models.ForeignKey(
                blank=True,
                help_text="The smallest known place that covers those words. Empty when not said.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claims",
                to="incidents.place",
                verbose_name="place",
            ),
        ),
        migrations.CreateModel(
            name="PlaceAncestor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("distance", models.PositiveSmallIntegerField()),
                (
                    "ancestor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="descendants",
                        to="incidents.place",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ancestors",
                        to="incidents.place",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["ancestor", "place"], name="incidents_within")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("place", "ancestor"), name="incidents_placeancestor_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlaceName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        help_text="en, ko, zh … Empty: any.",
                        max_length=10,
                        verbose_name="language",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="As people write it.", max_length=200, verbose_name="name"
                    ),
                ),
                ("folded", models.CharField(db_index=True, editable=False, max_length=200)),
                ("own", models.BooleanField(default=False, editable=False)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="incidents.place",
                        verbose_name="place",
                    ),
                ),
            ],
            options={
                "verbose_name": "other name",
                "verbose_name_plural": "other names",
                "ordering": ["language", "name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("place", "language", "name"),
                        name="incidents_placename_once_a_place",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        help_text="ASCII letters, digits and hyphens; used in addresses and never changed.",
                        max_length=80,
                        unique=True,
                        verbose_name="short name",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="The usual name, in English where there is one.",
                        max_length=200,
                        verbose_name="name",
                    ),
                ),
                (
                    "folded",
                    models.CharField(db_index=True, default="", editable=False, max_length=200),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("outlet", "news outlet"),
                            ("agency", "news agency"),
                            ("ngo", "non-governmental organisation"),
                            ("government", "government body"),
                            ("intergovernmental", "intergovernmental body"),
                            ("academic", "university or researcher"),
                            ("other", "other"),
                        ],
                        default="other",
                        help_text="What sort of source this is; “other” when you cannot tell.",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "reliability",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("A", "A: completely reliable"),
                            ("B", "B: usually reliable"),
                            ("C", "C: fairly reliable"),
                            ("D", "D: not usually reliable"),
                            ("E", "E: unreliable"),
                            ("F", "F: cannot be judged"),
                        ],
                        help_text="Admiralty scale A to F. Empty when nobody has judged it.",
                        max_length=1,
                        verbose_name="reliability",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        help_text="What a colleague should know. Empty when nothing.",
                        verbose_name="note",
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        help_text="Where it is based. Empty when not known.",
                        limit_choices_to={"kind": "country"},
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sources",
                        to="incidents.place",
                        verbose_name="country",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_from",
                        to="incidents.source",
                        verbose_name="merged into",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        help_text="The body it belongs to; both then count as one source.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="branches",
                        to="incidents.source",
                        verbose_name="parent body",
                    ),
                ),
            ],
            options={
                "verbose_name": "source",
                "verbose_name_plural": "sources",
                "ordering": ["name", "id"],
                "permissions": [("merge_source", "Can merge sources, and undo it")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "person",
                                    "outlet",
                                    "agency",
                                    "ngo",
                                    "government",
                                    "intergovernmental",
                                    "academic",
                                    "other",
                                ],
                            )
                        ),
                        name="incidents_source_kind_is_known",
                        violation_error_message="kind: person, outlet, agency, ngo, government, intergovernmental, academic, other",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reliability__in", ["A", "B", "C", "D", "E", "F", ""])),
                        name="incidents_source_reliability_is_known",
                        violation_error_message="reliability: A, B, C, D, E, F",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True),
                        name="incidents_source_name_given",
                        violation_error_message="Give the source a name.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent__isnull", True),
                            models.Q(("parent", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="incidents_source_not_its_own_parent",
                        violation_error_message="A source cannot be its own parent body.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("merged_into__isnull", True),
                            models.Q(("merged_into", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="incidents_source_not_merged_into_itself",
                        violation_error_message="A source cannot be merged into itself.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IncidentSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        choices=[("claimant", "claimant"), ("publisher", "publisher")],
                        max_length=10,
                    ),
                ),
                ("sort_day", models.DateField()),
                (
                    "incident",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="source_rows",
                        to="incidents.incident",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="incident_rows",
                        to="incidents.source",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["source", "part", "-sort_day", "-incident"],
                        name="incidents_source_day",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("incident", "source", "part"), name="incidents_incidentsource_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalSource",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "slug",
                    models.SlugField(
                        help_text="ASCII letters, digits and hyphens; used in addresses and never changed.",
                        max_length=80,
                        verbose_name="short name",
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="The usual name, in English where there is one.",
                        max_length=200,
                        verbose_name="name",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("outlet", "news outlet"),
                            ("agency", "news agency"),
                            ("ngo", "non-governmental organisation"),
                            ("government", "government body"),
                            ("intergovernmental", "intergovernmental body"),
                            ("academic", "university or researcher"),
                            ("other", "other"),
                        ],
                        default="other",
                        help_text="What sort of source this is; “other” when you cannot tell.",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "reliability",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("A", "A: completely reliable"),
                            ("B", "B: usually reliable"),
                            ("C", "C: fairly reliable"),
                            ("D", "D: not usually reliable"),
                            ("E", "E: unreliable"),
                            ("F", "F: cannot be judged"),
                        ],
                        help_text="Admiralty scale A to F. Empty when nobody has judged it.",
                        max_length=1,
                        verbose_name="reliability",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        help_text="What a colleague should know. Empty when nothing.",
                        verbose_name="note",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "country",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Where it is based. Empty when not known.",
                        limit_choices_to={"kind": "country"},
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.place",
                        verbose_name="country",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.source",
                        verbose_name="merged into",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="The body it belongs to; both then count as one source.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.source",
                        verbose_name="parent body",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical source",
                "verbose_name_plural": "historical sources",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="HistoricalClaimStep",
            fields=[
                (
                    "id",
                    models.BigIntegerField(
                        auto_created=True, blank=True, db_index=True, verbose_name="ID"
                    ),
                ),
                (
                    "date_words",
                    models.CharField(
                        blank=True,
                        help_text="The date in the source's own words, or ISO or EDTF (2024-04-26, 2023-10~). Leave empty when the source does not say. To give your own reading of other words, put EDTF in brackets behind them: shortly after the Asian Games [2023-10~].",
                        max_length=200,
                        verbose_name="date as worded",
                    ),
                ),
                (
                    "date_edtf",
                    models.CharField(
                        blank=True, editable=False, max_length=120, verbose_name="date (EDTF)"
                    ),
                ),
                (
                    "earliest",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="earliest day"
                    ),
                ),
                (
                    "latest",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="latest day"
                    ),
                ),
                (
                    "date_inferred",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="date inferred"
                    ),
                ),
                (
                    "date_anchor",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="worked out from"
                    ),
                ),
                (
                    "date_reasoning",
                    models.TextField(blank=True, editable=False, verbose_name="reasoning"),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        help_text="1 for whoever said it first.", verbose_name="step"
                    ),
                ),
                (
                    "name_as_printed",
                    models.CharField(
                        help_text="As the article prints it.",
                        max_length=200,
                        verbose_name="name as printed",
                    ),
                ),
                (
                    "verb",
                    models.CharField(
                        blank=True,
                        help_text="reported, confirmed, said … Empty when none.",
                        max_length=100,
                        verbose_name="verb as printed",
                    ),
                ),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(
                        choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.claim",
                        verbose_name="claim",
                    ),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        help_text="Who that is. Empty when not known.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="incidents.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical step",
                "verbose_name_plural": "historical steps",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="historicalclaim",
            name="source",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                help_text="Who says so. Empty when the article speaks for itself.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="incidents.source",
                verbose_name="source",
            ),
        ),
        migrations.AddField(
            model_name="historicalarticle",
            name="credit",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                help_text="The agency or outlet it credits (“Source: Yonhap”). Empty when none.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="incidents.source",
                verbose_name="credit",
            ),
        ),
        migrations.AddField(
            model_name="historicalarticle",
            name="publisher",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                help_text="The outlet or body on whose page it stands. Empty when you cannot tell.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="incidents.source",
                verbose_name="publisher",
            ),
        ),
        migrations.CreateModel(
            name="ClaimStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "date_words",
                    models.CharField(
                        blank=True,
                        help_text="The date in the source's own words, or ISO or EDTF (2024-04-26, 2023-10~). Leave empty when the source does not say. To give your own reading of other words, put EDTF in brackets behind them: shortly after the Asian Games [2023-10~].",
                        max_length=200,
                        verbose_name="date as worded",
                    ),
                ),
                (
                    "date_edtf",
                    models.CharField(
                        blank=True, editable=False, max_length=120, verbose_name="date (EDTF)"
                    ),
                ),
                (
                    "earliest",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="earliest day"
                    ),
                ),
                (
                    "latest",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="latest day"
                    ),
                ),
                (
                    "date_inferred",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="date inferred"
                    ),
                ),
                (
                    "date_anchor",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="worked out from"
                    ),
                ),
                (
                    "date_reasoning",
                    models.TextField(blank=True, editable=False, verbose_name="reasoning"),
                ),
                (
                    "position",
                    models.PositiveSmallIntegerField(
                        help_text="1 for whoever said it first.", verbose_name="step"
                    ),
                ),
                (
                    "name_as_printed",
                    models.CharField(
                        help_text="As the article prints it.",
                        max_length=200,
                        verbose_name="name as printed",
                    ),
                ),
                (
                    "verb",
                    models.CharField(
                        blank=True,
                        help_text="reported, confirmed, said … Empty when none.",
                        max_length=100,
                        verbose_name="verb as printed",
                    ),
                ),
                (
                    "claim",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="incidents.claim",
                        verbose_name="claim",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who that is. Empty when not known.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="incidents.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "step",
                "verbose_name_plural": "steps",
                "ordering": ["claim", "position"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("earliest__isnull", True),
                            ("latest__isnull", True),
                            ("earliest__lte", models.F("latest")),
                            _connector="OR",
                        ),
                        name="incidents_claimstep_days_in_order",
                        violation_error_message="The earliest day is after the latest day.",
                    ),
                    models.UniqueConstraint(
                        fields=("claim", "position"),
                        name="incidents_claimstep_one_at_a_position",
                        violation_error_message="Two steps have the same number.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="claim",
            name="source",
            field=models.ForeignKey(
                blank=True,
                help_text="Who says so. Empty when the article speaks for itself.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="claims",
                to="incidents.source",
                verbose_name="source",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="credit",
            field=models.ForeignKey(
                blank=True,
                help_text="The agency or outlet it credits (“Source: Yonhap”). Empty when none.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credited_articles",
                to="incidents.source",
                verbose_name="credit",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="publisher",
            field=models.ForeignKey(
                blank=True,
                help_text="The outlet or body on whose page it stands. Empty when you cannot tell.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="articles",
                to="incidents.source",
                verbose_name="publisher",
            ),
        ),
        migrations.CreateModel(
            name="SourceAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        help_text="As printed somewhere.", max_length=200, verbose_name="name"
                    ),
                ),
                ("folded", models.CharField(db_index=True, editable=False, max_length=200)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="incidents.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "alias",
                "verbose_name_plural": "aliases",
                "ordering": ["name"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "name"), name="incidents_sourcealias_once_a_source"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportLog",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("table", models.CharField(max_length=20, verbose_name="table")),
                ("query", models.TextField(blank=True, verbose_name="query")),
                ("question", models.CharField(max_length=12, verbose_name="mark of the query")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("started", "started"),
                            ("finished", "finished"),
                            ("failed", "failed"),
                        ],
                        default="started",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("rows", models.PositiveBigIntegerField(default=0, verbose_name="rows")),
                ("size", models.PositiveBigIntegerField(default=0, verbose_name="bytes")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                ("started", models.DateTimeField(auto_now_add=True, verbose_name="started at")),
                ("ended", models.DateTimeField(null=True, verbose_name="ended at")),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "export",
                "verbose_name_plural": "exports",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["started", "finished", "failed"])),
                        name="incidents_exportlog_state_is_known",
                        violation_error_message="state: started, finished, failed",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="incidentknot",
            name="knot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="knot_members",
                to="incidents.incident",
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                fields=["category", "-sort_day", "-id"], name="incidents_by_category"
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("tied", True)),
                fields=["category", "-sort_day", "-id"],
                name="incidents_tied",
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["sending", "-sort_day", "-id"], name="incidents_by_sending"),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                fields=["receiving", "-sort_day", "-id"], name="incidents_by_receiving"
            ),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["wave", "-sort_day", "-id"], name="incidents_by_wave"),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(fields=["logged_by", "status", "-id"], name="incidents_by_logger"),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("wave__isnull", True),
                    models.Q(("kind", "event"), models.Q(("wave", models.F("id")), _negated=True)),
                    _connector="OR",
                ),
                name="incidents_incident_only_events_in_waves",
                violation_error_message="Only an event can be part of a wave.",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_into__isnull", False), ("status", "merged")),
                    models.Q(
                        models.Q(("status", "merged"), _negated=True), ("merged_into__isnull", True)
                    ),
                    _connector="OR",
                ),
                name="incidents_incident_merged_names_survivor",
                violation_error_message="A merged incident names the one it was merged into, and no other does.",
            ),
        ),
        migrations.AddConstraint(
            model_name="incident",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "published"), _negated=True),
                    models.Q(
                        ("signed_at__isnull", False),
                        ("signed_by__isnull", False),
                        ("signed_version__gt", 0),
                    ),
                    _connector="OR",
                ),
                name="incidents_incident_published_is_signed",
                violation_error_message="A published incident was signed off by somebody.",
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["incident", "id"], name="incidents_claim_incident"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["publisher", "-id"], name="incidents_article_publisher"),
        ),
        migrations.RunPython(seed_categories, migrations.RunPython.noop),
        migrations.RunPython(seed_roles, migrations.RunPython.noop),
    ]
