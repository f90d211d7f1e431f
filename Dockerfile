# The same program as in `make image`, for those who have Docker; the settings
# below are those of image/image.go, and a test holds them to it.
#
#   docker build -t ghcr.io/gravitywavesml/gravity_techanalysis:dev .
#
# It needs the clone with its .git folder, from which the program knows its
# commit.
ARG GO_VERSION=1.26.8
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION} AS build
ARG TARGETARCH
ARG VERSION
WORKDIR /src
COPY go.mod go.sum ./
COPY image/go.mod image/go.sum image/
RUN go mod download && go mod download -C image
COPY . .
RUN GOARCH=$TARGETARCH make image VERSION=$VERSION && mkdir -m 700 /data

FROM scratch
COPY --from=build /src/dist/techanalysis /usr/local/bin/techanalysis
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
WORKDIR /
ENV PATH=/usr/local/bin
ENV ADDR=:8000
ENV ADMIN_ADDR=:9090
ENV DATA_DIR=/data
ENV DRAIN_DELAY=5s
EXPOSE 8000/tcp 9090/tcp
VOLUME /data
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/techanalysis"]
CMD ["serve"]
