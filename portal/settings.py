"""Settings of the portal: one file; whatever differs between places comes from the environment.

The table of the environment variables is in docs/operations.md.
"""

import datetime as dt
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import bootstrap_wrapper
import environ
from csp.constants import NONE, SELF

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
DEBUG = False
# The forum whose data `loadforum` loads; a relative folder is one of the repository.
FORUM_DIR = BASE_DIR / env.str("FORUM_DIR", default="forum/bali_process")
HTTPS = env.bool("HTTPS", default=False)
DEMO = env.bool("DEMO", default=False)
SECRET_KEY = env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
BASE_URL = env.str("BASE_URL", default="http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "portal.adminapp.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.forms",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_filters",
    "django_htmx",
    "csp",
    "auditlog",
    "import_export",
    "audit",
    "notifications",
    "members",
    "documents",
    "decisions",
    "workgroups",
    "meetings",
    "endorsements",
    "portal",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "portal.middleware.ReaderMiddleware",
    "portal.middleware.IdleMiddleware",
    "portal.middleware.SecondStepMiddleware",
    "auditlog.middleware.AuditlogMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.context.page",
            ],
            "builtins": ["portal.templatetags.portal"],
        },
    },
]
FORM_RENDERER = "portal.forms.FieldRenderer"

# The application role cannot change or delete what is append-only; the owner runs migrations (and test set-up) alone.
DATABASES = {"default": env.db("DATABASE_URL")}
if env.str("DATABASE_OWNER_URL", default=""):
    DATABASES["owner"] = env.db("DATABASE_OWNER_URL")
for _database in DATABASES.values():
    _database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    _database["CONN_HEALTH_CHECKS"] = True
    _database["ATOMIC_REQUESTS"] = False
    # A page's row with the eight it points at: the planner weighs every order of nine joins, 7 ms each time, to find
    # what running it takes 0.3 ms. In groups of four it takes 0.8 ms (docs/performance.md).
    _database.setdefault("OPTIONS", {})["options"] = "-c join_collapse_limit=4"
DATABASE_APP_ROLE = DATABASES["default"]["USER"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "portal.cache.PatientRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1}
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 2}
CELERY_TIMEZONE = "UTC"

AUTH_USER_MODEL = "members.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "members.passwords.ForumWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
# Behind so many proxies of our own the limits of tries count the visitor's address, not the proxy's.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
ACCOUNT_ADAPTER = "members.adapter.InvitationOnlyAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_FORMS = {"login": "members.forms.SignInForm"}
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/m/ip,5/15m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    # Mail programs of one provider send it from few addresses.
    "digest_stop": "60/m/ip,10/m/key",
}
# Who may decide proves it by a second step: officers, managers, co-chairs, focal points, alternates, administrators.
MFA_REQUIRED = env.bool("MFA_REQUIRED", default=True)
# A decisive act asks again who it is when the last proof is older than this.
REAUTHENTICATE_SECONDS = env.int("REAUTHENTICATE_SECONDS", default=300)
# A session that lay still for so long asks again before it shows or does anything.
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_MINUTES", default=60) * 60
ACCOUNT_REAUTHENTICATION_TIMEOUT = REAUTHENTICATE_SECONDS
MFA_ADAPTER = "members.adapter.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "members.forms.CodeForm",
    "reauthenticate": "members.forms.CodeAgainForm",
    "activate_totp": "members.forms.AppSetUpForm",
    "login_webauthn": "members.forms.PasskeySignInForm",
    "authenticate_webauthn": "members.forms.PasskeyForm",
    "reauthenticate_webauthn": "members.forms.PasskeyAgainForm",
    "add_webauthn": "members.forms.PasskeyAddForm",
    "edit_webauthn": "members.forms.PasskeyNameForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}

# How long the link of an invitation works; how often each post is to be confirmed.
INVITATION_LASTS = dt.timedelta(days=env.int("INVITATION_DAYS", default=14))
POSTS_CONFIRMED_EVERY = dt.timedelta(days=env.int("POSTS_CONFIRMED_DAYS", default=365))

# Whose every change is kept, with the old and the new value (audit/history.py): never a password, nor when a person
# signed in. That a name or an address changed is kept, the name and the address are not: a person can be erased.
AUDITLOG_INCLUDE_TRACKING_MODELS = (
    "members.Forum",
    "members.Participant",
    {"model": "members.Alias", "exclude_fields": ["folded"]},
    "members.FormerName",
    "members.Merger",
    "members.OfficialAddress",
    "members.Standing",
    "members.Body",
    "members.BodyMembership",
    "members.BodyChair",
    "members.AdmissionStage",
    {
        "model": "members.User",
        "exclude_fields": ["password", "last_login", "theme"],
        "mask_fields": ["name", "email"],
        "mask_callable": "audit.history.not_kept",
    },
    "decisions.Verb",
    "meetings.Series",
    "meetings.SeriesTask",
    "endorsements.Procedure",
)
AUDITLOG_STORE_JSON_CHANGES = True
AUDITLOG_DISABLE_REMOTE_ADDR = True
# What a browser sends must not pass for the name of a command.
AUDITLOG_CID_HEADER = None

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS: list[Any] = [BASE_DIR / "static", ("bootstrap", bootstrap_wrapper.get_bootstrap_css_dir())]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILES_DIR = DATA_DIR / "files"
UPLOAD_MAX_BYTES = 20 * 1024 * 1024
# What is too large is refused while it arrives, before it fills the disk.
FILE_UPLOAD_HANDLERS = [
    "documents.uploads.LimitHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

EMAIL_URL = env.email("EMAIL_URL", default="smtp://127.0.0.1:1025")
EMAIL_HOST = EMAIL_URL["EMAIL_HOST"]
EMAIL_PORT = EMAIL_URL["EMAIL_PORT"]
EMAIL_HOST_USER = EMAIL_URL["EMAIL_HOST_USER"] or ""
EMAIL_HOST_PASSWORD = EMAIL_URL["EMAIL_HOST_PASSWORD"] or ""
EMAIL_USE_TLS = EMAIL_URL.get("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10
EMAIL_KEPT_BY_PORTAL = not env.str("EMAIL_URL", default="") or env.bool("EMAIL_KEPT_BY_PORTAL", default=False)
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="Secretariat <notices@portal.example>")
# Two or more addresses outside that keep the daily head of the register; empty: none is mailed.
REGISTER_WITNESSES = env.list("REGISTER_WITNESSES", default=[])
# Mails a second, by domain of the address: "*=30,ministry.example=2"; "*" is each other domain, "total" all together.
MAIL_RATES = {name.lower(): float(rate) for name, rate in env.dict("MAIL_RATES", default={}).items()}
# How long the portal's own receiver keeps mail, and mail whose text opens an account.
DELEGATES_KEPT_DAYS = env.int("DELEGATES_KEPT_DAYS", default=365)
KEPT_MAIL_DAYS = env.int("KEPT_MAIL_DAYS", default=30)
KEPT_SECRET_HOURS = env.int("KEPT_SECRET_HOURS", default=24)
MESSAGE_ID_DOMAIN = env.str("MESSAGE_ID_DOMAIN", default="portal.example")
# Where reports on sent mail are read, and the address they come to; a provider that posts its reports instead.
BOUNCE_MAILBOX = env.str("BOUNCE_MAILBOX", default="")
_BOUNCES = f"bounces@{parseaddr(DEFAULT_FROM_EMAIL)[1].rpartition('@')[2]}" if BOUNCE_MAILBOX else ""
BOUNCE_ADDRESS = env.str("BOUNCE_ADDRESS", default=_BOUNCES)
MAIL_PROVIDER = env.str("MAIL_PROVIDER", default="")
ANYMAIL = {"WEBHOOK_SECRET": env.str("MAIL_PROVIDER_SECRET", default="")}
if MAIL_PROVIDER == "mailgun":
    ANYMAIL["MAILGUN_WEBHOOK_SIGNING_KEY"] = env.str("MAIL_PROVIDER_KEY", default="")

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
if HTTPS:
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"portal": {"level": "INFO"}, "members": {"level": "INFO"}, "notifications": {"level": "INFO"}},
}
