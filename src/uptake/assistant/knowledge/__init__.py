"""Built-in knowledge: places and their time zones, a small graph of facts.

`graph` holds the facts as RDF and answers SPARQL; `relations` declares what people ask of them; `places` is the light
table that the clock and the weather use.
"""
