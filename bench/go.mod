module github.com/gravitywavesml/gravity_techanalysis/bench

go 1.26.0

require (
	github.com/ebitengine/purego v0.11.3
	github.com/extism/go-sdk v1.7.1
	github.com/gravitywavesml/gravity_techanalysis v0.0.0
	github.com/markcheno/go-talib v0.0.0-20250114000313-ec55a20c902f
	github.com/tetratelabs/wazero v1.12.0
)

require (
	github.com/dylibso/observe-sdk/go v0.0.0-20240819160327-2d926c5d788a // indirect
	github.com/gobwas/glob v0.2.3 // indirect
	github.com/ianlancetaylor/demangle v0.0.0-20240805132620-81f5be970eca // indirect
	github.com/tetratelabs/wabin v0.0.0-20230304001439-f6f874872834 // indirect
	go.opentelemetry.io/proto/otlp v1.11.0 // indirect
	golang.org/x/sync v0.25.0 // indirect
	golang.org/x/sys v0.48.0 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
)

replace github.com/gravitywavesml/gravity_techanalysis => ../
