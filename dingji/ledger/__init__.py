"""整改台账: what every branch is to mend, by what it lost; what came back filled in; what is amiss with that."""
