"""Jobs: what candidates are asked, in versions that stay as they were once somebody has seen them."""
