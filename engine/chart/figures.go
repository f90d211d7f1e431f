package chart

// figures are the classical ones, made of swings and the lines between them.
var figures = []*Pattern{}
