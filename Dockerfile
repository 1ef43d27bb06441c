# docker build -t hotseat .
# docker run --rm -it -v hotseat:/data hotseat practice
# docker compose up --build --detach        (the Discord bot; see compose.yaml)
# docker build --target gpu -t hotseat:gpu .  (speech models on an NVIDIA GPU; see docs/voice.md)

FROM python:3.11-slim AS build
ENV UV_PROJECT_ENVIRONMENT=/opt/hotseat \
    UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy \
    UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir --disable-pip-version-check uv==0.13.9
WORKDIR /src
# The dependencies change seldom: a layer of their own.
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --frozen --compile-bytecode --no-dev --extra discord --extra voice --no-install-project
COPY bot ./bot
COPY interviewer ./interviewer
COPY scenarios ./scenarios
COPY scoring ./scoring
COPY storage ./storage
COPY voice ./voice
COPY whiteboard ./whiteboard
RUN uv sync --frozen --compile-bytecode --no-dev --extra discord --extra voice --no-editable

# cuBLAS 12, 0.6 GB, is all of CUDA that CTranslate2 loads; the driver is the host's. So this image
# needs no CUDA base image.
FROM build AS build-gpu
RUN uv sync --frozen --compile-bytecode --no-dev --extra discord --extra voice --extra gpu --no-editable

# The libraries for sound (libopus, espeak-ng, FFmpeg's) come inside the wheels. PortAudio is not
# here: a container has no microphone.
FROM python:3.11-slim AS run
RUN useradd --create-home --uid 10001 hotseat \
    && mkdir -p /data \
    && chown hotseat:hotseat /data
ENV PATH=/opt/hotseat/bin:$PATH \
    HOTSEAT_HOME=/data \
    PYTHONUNBUFFERED=1
USER hotseat
WORKDIR /data
VOLUME /data
ENTRYPOINT ["hotseat"]
CMD ["--help"]

FROM run AS gpu
COPY --from=build-gpu /opt/hotseat /opt/hotseat
ENV NVIDIA_VISIBLE_DEVICES=all \
    NVIDIA_DRIVER_CAPABILITIES=compute,utility

FROM run
COPY --from=build /opt/hotseat /opt/hotseat
