-- The page of a random declaration from PostGraphile, as far as the tables hold it: the explanations and labels are not there.
local common = dofile("bench/common.lua")
local rows = common.params()
local headers = { ["content-type"] = "application/json", accept = "application/json" }
local document = [[
query Page($code: String!, $year: Int!) { departmentByCode(code: $code) {
  rowId code name jurisdictionByJurisdictionId { code name }
  declarationsByDepartmentId(condition: { fiscalYear: $year }, first: 1) { nodes {
    rowId revision version status fiscalYear publiclyFundedStaffCount subordinateUnitCount overallGoal
    budgetLinesByDeclarationId { nodes { line amount } }
    keyTasksByDeclarationId { nodes { rowId name description plannedFunding expectedResult } }
    indicatorsByDeclarationId { nodes {
      rowId level1 level2 level1Label level2Label name weight
      targetsByIndicatorId { nodes { which text kind comparator value valueHigh unit baseValue baseUnit direction deadline certain confirmedAt } }
      achievementsByIndicatorId { nodes {
        period status rate score maxScore light deviating explanationRequired overridden
        actualValueByActualValueId { text recordedAt userAccountByRecordedBy { displayName } }
      } }
    } }
    declarationResultsByDeclarationId(condition: { period: "YEAR_END" }) { nodes { score grade achievementRate executionRate light } }
  } }
} }]]
document = document:gsub("%s+", " ")

common.run(function()
  local row = rows[math.random(#rows)]
  local variables = '{"code":"' .. row.department .. '","year":' .. row.year .. "}"
  return wrk.format("POST", "/graphql", headers, common.body("Page", document, variables))
end, function(body)
  return common.graphql_failed(body) or body:find('"indicatorsByDeclarationId"', 1, true) == nil
end)
