-- The first 50 unmet indicators of a random year, worst first, with their number, as an auditor.
local common = dofile("bench/common.lua")
local rows, headers, document = common.params(), common.headers("auditor"), common.document("query", "Unmet")

common.run(function()
  local year = rows[math.random(#rows)].year
  local variables = '{"filter":{"fiscalYears":[' .. year .. '],"statuses":["PARTIALLY_ACHIEVED","NOT_ACHIEVED"]},"first":50}'
  return wrk.format("POST", "/graphql", headers, common.body("Unmet", document, variables))
end, function(body)
  return common.graphql_failed(body) or body:find('"totalCount":0', 1, true) ~= nil or body:find('"cursor"', 1, true) == nil
end)
