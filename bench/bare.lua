-- As many bytes as `repeated_page` is answered with, from a handler that does nothing but send them.
local common = dofile("bench/common.lua")
local rows, headers, document = common.params(), common.headers("auditor"), common.document("query", "DeclarationPage")
local row = rows[1]
local variables = '{"department":"' .. row.department .. '","year":' .. row.year .. "}"
local body, request = common.body("DeclarationPage", document, variables), nil

common.run(function()
  request = request or wrk.format("POST", "/graphql", headers, body)
  return request
end, function(body)
  return common.graphql_failed(body) or body:find('"indicatorTree"', 1, true) == nil
end)
