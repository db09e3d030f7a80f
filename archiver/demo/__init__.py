"""The sample newsroom: a local site with the structure of hcma.vn and text of our own, for the demo and the tests."""
