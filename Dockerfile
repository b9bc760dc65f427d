# The site in one container. Not tried by this project's tests, which run where there is no Docker.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data \
    STATIC_ROOT=/site/static \
    HOST=0.0.0.0 \
    PORT=8000

WORKDIR /site
RUN useradd --system --uid 1000 --home-dir /data newsroom \
    && install --directory --owner=newsroom /data /site/static

COPY requirements.txt .
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt
COPY . .

USER newsroom
# Styles and scripts belong to the code, so they are made here; the key is made on the spot and only for this.
RUN python manage.py start --only-static && rm -f /data/secret-key

VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-m", "tools.ask_health"]
# The real settings: without SECRET_KEY and ALLOWED_HOSTS it does not start.
ENV PRODUCTION=1
CMD ["python", "manage.py", "start"]
