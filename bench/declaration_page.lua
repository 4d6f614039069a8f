-- The whole page of a random declaration, as an auditor sees it.
local common = dofile("bench/common.lua")
local rows, headers, document = common.params(), common.headers("auditor"), common.document("query", "DeclarationPage")

common.run(function()
  local row = rows[math.random(#rows)]
  local variables = '{"department":"' .. row.department .. '","year":' .. row.year .. "}"
  return wrk.format("POST", "/graphql", headers, common.body("DeclarationPage", document, variables))
end, function(body)
  return common.graphql_failed(body) or body:find('"indicatorTree"', 1, true) == nil
end)
