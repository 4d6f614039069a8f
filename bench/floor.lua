-- A random declaration from the floor: one hand-written statement that builds the JSON.
local common = dofile("bench/common.lua")
local rows = common.params()

common.run(function()
  local row = rows[math.random(#rows)]
  return wrk.format("GET", "/declaration/" .. row.department .. "/" .. row.year)
end, function(body)
  return body:find('"indicatorTree"', 1, true) == nil
end)
