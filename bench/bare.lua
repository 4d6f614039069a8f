-- The requests of `repeated_page`, to a handler that does nothing but send as many bytes as that is answered with.
dofile("bench/repeated_page.lua")
