-- Shared by the load scripts. Run from the top of the repository, by scripts/bench.sh, with these in the environment:
--   BENCH_PARAMS  lines "department_code<TAB>year<TAB>declaration_id<TAB>indicator_id,indicator_id,…"
--   BENCH_TOKENS  lines "role<TAB>access token"
--   BENCH_CHECK   when 1, every answer is looked at (in the warm-up: it costs the load tool time)
local M = {}

local function read(path)
  local file = assert(io.open(path, "r"), "cannot read " .. path)
  local text = file:read("*a")
  file:close()
  return text
end

local function definition(source, keyword, name)
  local from = source:find("%f[%w]" .. keyword .. "%s+" .. name .. "%f[^%w_]")
  assert(from, keyword .. " " .. name .. " is not in the contract")
  local open = source:find("{", from, true)
  local _, to = source:find("%b{}", open)
  return source:sub(from, to)
end

-- An operation of the contract with every fragment it needs, comments and indentation taken out.
function M.document(kind, name)
  local source = read("tests/contract/operations.graphql"):gsub("#[^\n]*", "")
  local parts, wanted = { definition(source, kind, name) }, {}
  local i = 1
  while parts[i] do
    for fragment in parts[i]:gmatch("%.%.%.%s*([%a_][%w_]*)") do
      if fragment ~= "on" and not wanted[fragment] then
        wanted[fragment] = true
        parts[#parts + 1] = definition(source, "fragment", fragment)
      end
    end
    i = i + 1
  end
  return (table.concat(parts, " "):gsub("%s+", " "))
end

function M.quote(text)
  return '"' .. text:gsub('[\\"]', "\\%0") .. '"'
end

-- The JSON of a request; `variables` is JSON already.
function M.body(name, document, variables)
  return '{"operationName":' .. M.quote(name) .. ',"query":' .. M.quote(document) .. ',"variables":' .. variables .. "}"
end

function M.params()
  local rows = {}
  for line in io.lines(os.getenv("BENCH_PARAMS")) do
    local department, year, declaration, indicators = line:match("^([^\t]+)\t(%d+)\t([^\t]+)\t([^\t]+)$")
    assert(department, "not a line of parameters: " .. line)
    local list = {}
    for id in indicators:gmatch("[^,]+") do
      list[#list + 1] = id
    end
    rows[#rows + 1] = { department = department, year = year, declaration = declaration, indicators = list }
  end
  assert(#rows > 0, "no parameters")
  return rows
end

function M.headers(role)
  for line in io.lines(os.getenv("BENCH_TOKENS")) do
    local name, token = line:match("^([^\t]+)\t(%S+)$")
    if name == role then
      return { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. token }
    end
  end
  error("no token for the role " .. role)
end

-- The functions that wrk calls. `next_request()` makes one request. In the checking run an answer is wrong when `wrong(body)`
-- says so; otherwise an answer is only counted and measured.
function M.run(next_request, wrong)
  local threads = {}

  function setup(thread)
    thread:set("number", #threads + 1)
    threads[#threads + 1] = thread
  end

  function init()
    math.randomseed(20240101 + number)
    bad, example = 0, ""
  end

  function request()
    return next_request()
  end

  if os.getenv("BENCH_CHECK") == "1" then
    function response(status, _, body)
      if status ~= 200 or wrong(body) then
        bad = bad + 1
        if example == "" then
          example = status .. " " .. body:sub(1, 600)
        end
      end
    end
  end

  -- One line for scripts/bench.sh: requests, seconds, p50 and p99 in milliseconds, bytes per answer, failures.
  function done(summary, latency)
    local errors = summary.errors
    local failed = errors.connect + errors.read + errors.write + errors.timeout
    -- The checking run counts a wrong status itself.
    if os.getenv("BENCH_CHECK") ~= "1" then
      failed = failed + errors.status
    end
    for _, thread in ipairs(threads) do
      failed = failed + thread:get("bad")
      if thread:get("example") ~= "" then
        io.stderr:write("an answer that is not right: ", thread:get("example"), "\n")
      end
    end
    print(string.format(
      "RESULT %d %.3f %.3f %.3f %d %d",
      summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
      summary.requests > 0 and summary.bytes / summary.requests or 0, failed))
  end
end

-- GraphQL answers 200 whatever happened.
function M.graphql_failed(body)
  return body:find('"errors"%s*:') ~= nil or body:find('"userErrors"%s*:%s*%[%s*{') ~= nil
end

return M
