-- What is refused before it costs anything: five thousand aliases, a doubled chain of fragments, nesting.
local common = dofile("bench/common.lua")
local headers = common.headers("auditor")
local function quoted(document)
  return '{"query":' .. common.quote(document) .. "}"
end
local aliases, chain = {}, { "{ ...f0 }" }
for i = 1, 5000 do
  aliases[i] = "a" .. i .. ": __typename"
end
for i = 0, 24 do
  chain[#chain + 1] = "fragment f" .. i .. " on Query { ...f" .. i + 1 .. " ...f" .. i + 1 .. " }"
end
chain[#chain + 1] = "fragment f25 on Query { __typename }"
local bodies = {
  quoted("{ " .. table.concat(aliases, " ") .. " }"),
  quoted(table.concat(chain, " ")),
  quoted("{ serviceLimits { maxDepth(x: " .. ("["):rep(2000) .. ("]"):rep(2000) .. ") } }"),
}
local turn = 0

common.run(function()
  turn = turn % #bodies + 1
  return wrk.format("POST", "/graphql", headers, bodies[turn])
end, function(body)
  return body:find('"LIMIT_EXCEEDED"', 1, true) == nil
end)
