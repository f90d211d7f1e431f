module github.com/gravitywavesml/gravity_techanalysis/bench

go 1.26.0

require (
	github.com/ebitengine/purego v0.11.3
	github.com/gravitywavesml/gravity_techanalysis v0.0.0
	github.com/markcheno/go-talib v0.0.0-20250114000313-ec55a20c902f
)

replace github.com/gravitywavesml/gravity_techanalysis => ../
