"""Whether scores and findings change with what says nothing about an answer: names, ways of speaking, faces, light."""
