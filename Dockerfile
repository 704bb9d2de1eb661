# The gateway as an image: built from the lock, run by a user without rights on a file system that it cannot write.

FROM python:3.11.13-slim-bookworm AS build
# `runtime` is what every installation needs; `extras` has traces and object stores besides.
ARG LOCK=runtime
WORKDIR /build
COPY requirements/ requirements/
RUN python -m venv /opt/tools \
    && /opt/tools/bin/pip install --no-cache-dir --require-hashes -r requirements/install.lock \
    && python -m venv --without-pip /opt/gateway \
    && /opt/tools/bin/uv pip install --no-cache --python /opt/gateway/bin/python \
        --require-hashes -r "requirements/$LOCK.lock"
COPY pyproject.toml README.md LICENSE ./
COPY schemas/ schemas/
COPY adapters/ adapters/
COPY gateway/ gateway/
RUN /opt/tools/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /build/wheels . \
    && /opt/tools/bin/uv pip install --no-cache --no-deps --python /opt/gateway/bin/python /build/wheels/*.whl \
    && /opt/gateway/bin/python -m compileall -q /opt/gateway

FROM python:3.11.13-slim-bookworm
RUN groupadd --gid 10001 gateway \
    && useradd --uid 10001 --gid gateway --no-create-home --shell /usr/sbin/nologin gateway \
    && install -d -o gateway -g gateway -m 0700 /var/lib/sp4n-gateway /var/lib/sp4n-gateway-keys
COPY --from=build /opt/gateway /opt/gateway
ENV PATH=/opt/gateway/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /var/lib/sp4n-gateway
EXPOSE 8080
STOPSIGNAL SIGTERM
ENTRYPOINT ["sp4n-gateway"]
CMD ["serve"]
