-- Achievement rates of all years by level 1, as an auditor.
local common = dofile("bench/common.lua")
local headers, document = common.headers("auditor"), common.document("query", "AchievementBy")
local body = common.body("AchievementBy", document, '{"groupBy":["LEVEL1"],"first":50}')

common.run(function()
  return wrk.format("POST", "/graphql", headers, body)
end, function(answer)
  return common.graphql_failed(answer) or answer:find('"key":"OUTPUT"', 1, true) == nil
end)
