# The portal's image: web, worker, scheduler and migrations, one and the same; the command says which.
# No database and no queue in it: those are services of their own (docker-compose.yml).
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DATA_DIR=/app/var

RUN useradd --system --uid 10001 --user-group --no-create-home --home-dir /app --shell /usr/sbin/nologin portal

WORKDIR /app
COPY requirements.txt ./
RUN pip install --requirement requirements.txt

COPY . ./
# Static files belong to the image, so that they always fit the code; only uploaded files are a volume. The values
# are for this one command: collecting files asks neither the database nor the queue.
RUN mkdir -p var/files \
    && SECRET_KEY=only-for-collecting-static-files \
       DATABASE_URL=postgresql://portal_app@localhost/portal \
       REDIS_URL=redis://localhost/0 \
       python manage.py collectstatic --noinput --clear '--ignore=bootstrap-*' '--ignore=*.rtl.*' \
    && python -m compileall -q . \
    && chown -R portal:portal var/files

USER portal
EXPOSE 8000
VOLUME ["/app/var/files"]
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["python", "docker/healthcheck.py"]
CMD ["python", "-m", "gunicorn", "portal.wsgi:application", "--bind=0.0.0.0:8000", "--workers=2", "--threads=4", "--preload", \
     "--timeout=60", "--graceful-timeout=25", "--worker-tmp-dir=/dev/shm", "--no-control-socket"]
