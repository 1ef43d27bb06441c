# docker build -t hotseat .
# docker run --rm -it -v hotseat:/data hotseat practice
# docker compose up --build --detach        (the Discord bot; see compose.yaml)

FROM python:3.11-slim AS build
ENV UV_PROJECT_ENVIRONMENT=/opt/hotseat \
    UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir --disable-pip-version-check uv==0.13.9
WORKDIR /src
# The dependencies change seldom: a layer of their own.
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --frozen --compile-bytecode --no-dev --extra discord --no-install-project
COPY bot ./bot
COPY interviewer ./interviewer
COPY scenarios ./scenarios
COPY scoring ./scoring
COPY storage ./storage
COPY whiteboard ./whiteboard
RUN uv sync --frozen --compile-bytecode --no-dev --extra discord --no-editable

FROM python:3.11-slim
RUN useradd --create-home --uid 10001 hotseat \
    && mkdir -p /data \
    && chown hotseat:hotseat /data
COPY --from=build /opt/hotseat /opt/hotseat
ENV PATH=/opt/hotseat/bin:$PATH \
    HOTSEAT_HOME=/data \
    PYTHONUNBUFFERED=1
USER hotseat
WORKDIR /data
VOLUME /data
ENTRYPOINT ["hotseat"]
CMD ["--help"]
