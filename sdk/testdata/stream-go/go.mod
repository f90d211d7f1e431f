module github.com/gravitywavesml/gravity_techanalysis/sdk/testdata/stream-go

go 1.26

require github.com/gravitywavesml/gravity_techanalysis/sdk/go v0.0.0

replace github.com/gravitywavesml/gravity_techanalysis/sdk/go => ../../go
