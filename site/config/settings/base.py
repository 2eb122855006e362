"""Settings shared by every deployment.

What differs between deployments is an environment variable with a safe default; the reason for
each unusual line stands beside it.
"""

import os
from pathlib import Path
from typing import Any

import dj_database_url
import django.conf.locale
from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parents[3]
SITE_DIR = BASE_DIR / "site"
# Everything the running site writes; git-ignored.
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))

SECRET_KEY = os.environ.get("SECRET_KEY", "")
DEBUG = False
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("CSRF_TRUSTED_ORIGINS", "").split(",") if o]
# The address that mails, feeds and canonical links name.
WAGTAILADMIN_BASE_URL = os.environ.get("BASE_URL", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    # modeltranslation patches the admin of the models it translates, so it stands before them.
    "modeltranslation",
    "core",
    "media",
    "trades",
    "glossary",
    "centres",
    "lessons",
    "curricula",
    "releases",
    "portal",
    "wagtailmedia",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.admin",
    "wagtail",
    # One of modelsearch and wagtail.search, never both.
    "modelsearch",
    "taggit",
    "modelcluster",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.PolicyMiddleware",
    # Compresses pages; the JSON API and HTML carry no secrets beside user input (no BREACH target).
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "portal.middleware.PublicCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.middleware.ReaderMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "centres.middleware.OwnWorkMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SITE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.reader",
            ],
        },
    },
]

# --- Database -----------------------------------------------------------------------------------

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'db.sqlite3'}",
        # Persistent connections and WAL together gave +30 % requests a second.
        conn_max_age=600,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # A writer takes its lock at BEGIN and waits for it, instead of failing half-way.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000; "
            "PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
        ),
    }
else:
    # template0 keeps the test database free of another cluster's local template.
    DATABASES["default"]["TEST"] = {"CHARSET": "UTF8", "TEMPLATE": "template0"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    # What all of the server's processes have to count together.
    "shared": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": VAR_DIR / "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
}

# --- Languages ----------------------------------------------------------------------------------

# Django knows no Lao; without this entry and a compiled catalogue /lo/ would not resolve.
django.conf.locale.LANG_INFO.setdefault(
    "lo", {"bidi": False, "code": "lo", "name": "Lao", "name_local": "ລາວ"}
)
# The language of complete catalogues in Django and Wagtail; visitors are sent to their own.
LANGUAGE_CODE = "en"
LANGUAGES = [("lo", _("Lao")), ("vi", _("Vietnamese")), ("en", _("English"))]
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "framework"]
FORMAT_MODULE_PATH = "config.formats"
TIME_ZONE = os.environ.get("TIME_ZONE", "Asia/Vientiane")
USE_I18N = True
USE_TZ = True
# One page tree in many languages: no Wagtail locale trees (docs/decisions/0002).
WAGTAIL_I18N_ENABLED = False
MODELTRANSLATION_LANGUAGES = ("lo", "vi", "en")
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
# Fallback is ours, with the language of the text beside it (core.languages), never silent.
MODELTRANSLATION_ENABLE_FALLBACKS = False
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"

# --- Files --------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [SITE_DIR / "static"]
STATICFILES_FINDERS = [
    "core.assets.BundleFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
MEDIA_URL = "/uploads/"
MEDIA_ROOT = VAR_DIR / "uploads"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_files.ModuleStaticFilesStorage"},
}
# 150 blocks in three languages post 1,064 fields; Django's own limit is 1,000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# --- Wagtail ------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Mittaphap"
WAGTAILIMAGES_IMAGE_MODEL = "media.SiteImage"
WAGTAILDOCS_DOCUMENT_MODEL = "media.SiteDocument"
WAGTAILMEDIA = {
    "MEDIA_MODEL": "media.Recording",
    "MEDIA_FORM_BASE": "media.forms.RecordingForm",
    # What browsers and phones record; the content decides, not the ending.
    "AUDIO_EXTENSIONS": [
        *("3gp", "aac", "amr", "flac", "m4a", "mp3", "mp4", "oga", "ogg", "opus", "wav"),
        *("weba", "webm"),
    ],
}
# Uploads are looked into, whatever they call themselves (media.sniffing).
WAGTAILIMAGES_IMAGE_FORM_BASE = "media.forms.ImageForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "media.forms.DocumentForm"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "svg", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILDOCS_EXTENSIONS = ["csv", "docx", "epub", "odt", "pdf", "pptx", "xlsx", "zip"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 50 * 1024 * 1024
# Documents have their own view that checks collections; the raw file is never served.
WAGTAILDOCS_SERVE_METHOD = "serve_view"
# Slugs are ASCII and the same in every language, made by orthography.slug.
WAGTAIL_ALLOW_UNICODE_SLUGS = False
# modelsearch's database search with queries that read Lao and survive a stray quote.
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "core.admin_search"}}
# Wagtail's own redirects cover one language; core.addresses makes them for all three.
WAGTAILREDIRECTS_AUTO_CREATE = False
# Approving a curriculum publishes all that was submitted with it.
WAGTAIL_FINISH_WORKFLOW_ACTION = "curricula.finishing.publish_approved"
MODELSEARCH_BACKENDS = WAGTAILSEARCH_BACKENDS
# No avatar, no version check: the admin sends nothing about anyone to anybody.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False

# Releases, each file named by its hash; a folder of its own, since it grows and can be rebuilt.
RELEASES_DIR = Path(os.environ.get("RELEASES_DIR", VAR_DIR / "releases"))
# What releases are signed with: kept apart, backed up, never served.
RELEASE_KEYS_DIR = Path(os.environ.get("RELEASE_KEYS_DIR", VAR_DIR / "keys"))
# The nginx location (`internal`, alias RELEASES_DIR) that sends them instead of Django.
RELEASES_ACCEL = os.environ.get("RELEASES_ACCEL", "")
# Releases are fetched from the internet only; on an intranet of several sites set this to 1.
FETCH_ALLOW_PRIVATE = os.environ.get("FETCH_ALLOW_PRIVATE") == "1"

# The largest file that the glossary's import takes.
GLOSSARY_IMPORT_MAX_BYTES = 50 * 1024 * 1024

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- API ----------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Mittaphap API",
    "DESCRIPTION": "Read-only access to the Lao–Vietnamese–English vocational glossary.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
}

# --- Security -----------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "SAMEORIGIN"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    },
    "EXCLUDE_URL_PREFIXES": [],
}
# Wagtail's page and snippet editors carry inline scripts and styles; so the admin has its own
# policy, as tight as it runs (core.middleware.PolicyMiddleware).
ADMIN_CONTENT_SECURITY_POLICY = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "media-src": [SELF, "blob:"],
    "frame-src": [SELF],
    "object-src": [NONE],
    "base-uri": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [SELF],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
