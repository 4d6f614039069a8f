-- Achievement rates of a random year by department, the first 50 departments, as an auditor.
local common = dofile("bench/common.lua")
local rows, headers, document = common.params(), common.headers("auditor"), common.document("query", "AchievementBy")

common.run(function()
  local year = rows[math.random(#rows)].year
  local variables = '{"filter":{"fiscalYears":[' .. year .. ']},"groupBy":["DEPARTMENT"],"first":50}'
  return wrk.format("POST", "/graphql", headers, common.body("AchievementBy", document, variables))
end, function(body)
  return common.graphql_failed(body) or body:find('"achievementRate"', 1, true) == nil
end)
