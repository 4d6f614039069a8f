-- Five year-end values of a random declaration, recorded by a filer in one mutation.
local common = dofile("bench/common.lua")
local rows, headers, document = common.params(), common.headers("filer"), common.document("mutation", "RecordActualValues")

common.run(function()
  local row = rows[math.random(#rows)]
  local entries, count, first = {}, math.min(5, #row.indicators), math.random(#row.indicators)
  for i = 1, count do
    local id = row.indicators[(first + i - 2) % #row.indicators + 1]
    entries[i] = '{"indicatorId":"' .. id .. '","text":"' .. math.random(1, 120) .. '"}'
  end
  local variables = '{"input":{"declarationId":"' .. row.declaration .. '","period":"YEAR_END","entries":['
    .. table.concat(entries, ",") .. "]}}"
  return wrk.format("POST", "/graphql", headers, common.body("RecordActualValues", document, variables))
end, function(body)
  return common.graphql_failed(body) or body:find('"recordedAt"', 1, true) == nil
end)
