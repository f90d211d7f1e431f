module github.com/gravitywavesml/gravity_techanalysis/sdk/go

go 1.26
