# Copydesk in a container. It keeps everything in /app/data: give that a volume, or a folder that
# belongs to user 10001.
#
#   docker build -t copydesk .
#   docker run --env-file .env -v copydesk:/app/data -p 8080:8080 copydesk
#
# Without DISCORD_TOKEN it starts the sandbox, which only the container itself would reach.
# To see the sandbox from outside (its ports must be the same on both sides):
#
#   docker run --no-healthcheck -p 127.0.0.1:8800:8800 copydesk sandbox --host 0.0.0.0
#
# The base image is pinned by version. To pin its bytes too, append the digest that
# `docker buildx imagetools inspect python:3.11-slim-bookworm` prints: …-bookworm@sha256:…

FROM python:3.11-slim-bookworm AS builder
WORKDIR /build
RUN python -m venv /opt/venv
COPY requirements.txt ./
RUN /opt/venv/bin/python -m pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.11-slim-bookworm
WORKDIR /app
RUN useradd --system --uid 10001 --no-create-home --home-dir /app copydesk \
    && mkdir -p /app/data \
    && chown copydesk /app/data
COPY --from=builder /opt/venv /opt/venv
COPY db db
COPY providers providers
COPY bot bot
COPY cogs cogs
COPY sandbox sandbox
# Compiled now: nobody who runs it may write here, and every start would compile it anew.
RUN /opt/venv/bin/python -m compileall -q db providers bot cogs sandbox
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER copydesk
VOLUME /app/data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ.get(\"HTTP_PORT\") or 8080}/health', timeout=4)"]
ENTRYPOINT ["python", "-m"]
CMD ["bot", "run"]
