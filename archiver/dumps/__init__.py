"""Hand-over: months sealed, packages for researchers and deposits, and packages taken back."""
