import { afterAll, beforeAll, expect, it } from "vitest"
import { caseNumber } from "../store/keys.ts"
import { openStaffed, type Staffed } from "../testing/staffed.ts"

const now = Date.parse("2026-11-24T02:00:00Z")
let house: Staffed
beforeAll(async () => {
  house = await openStaffed(now, [
    ["沈一诺", "operations", "owner"],
    ["林越", "operations", "operations"],
  ])
})
afterAll(() => house.close())

type Sent = {
  url: string
  body: () => object
  /** the same but for one thing, which is another */
  other: object
  /** what tells one from another in the answer */
  is: (body: Record<string, unknown>) => unknown
  table: string
  deed: string
}
const post = ({ url }: Sent, body: object) => house.as("沈一诺", url, body)
const count = async (table: string, where = "true") =>
  (await house.stage.db.pool.query(`select count(*)::int as n from ${table} where ${where}`)).rows[0]
    .n as number

it.each<[string, Sent]>([
  [
    "an incident",
    {
      url: "/api/v1/incidents",
      body: () => ({ title: "发错四件套", cases: [caseNumber(1, 0), caseNumber(2, 0)] }),
      other: { cases: [caseNumber(1, 0)] },
      is: ({ number }) => number,
      table: "incidents",
      deed: "incident.open",
    },
  ],
  [
    "a declared window",
    {
      url: "/api/v1/windows",
      body: () => ({
        kind: "weather",
        name: "寒潮",
        regions: ["浙江", "江苏"],
        from: "2026-11-23T00:00:00+08:00",
        proof: "https://example.com/notice",
      }),
      other: { regions: ["浙江"] },
      is: ({ id }) => id,
      table: "declared_windows",
      deed: "window.declare",
    },
  ],
  [
    "an invitation",
    {
      url: "/api/v1/invitations",
      body: () => ({ name: "蒋伟", department: "operations", roles: [{ role: "viewer" }] }),
      other: { name: "蒋薇" },
      is: ({ token }) => token,
      table: "links",
      deed: "people.invite",
    },
  ],
  [
    "a robot",
    {
      url: "/api/v1/robots",
      body: () => ({
        kind: "dingtalk",
        name: "运营群",
        department: "operations",
        address: "https://oapi.dingtalk.com/robot/send?access_token=one",
        secret: "SEC1",
      }),
      // What is shown of an address is the same of both.
      other: { address: "https://oapi.dingtalk.com/robot/send?access_token=two" },
      is: ({ id }) => id,
      table: "robots",
      deed: "robot.add",
    },
  ],
  [
    "a leave",
    {
      url: "/api/v1/rosters/leaves",
      body: () => ({ staff: house.ids.林越, from: "2026-11-25T00:00:00+08:00", reason: "病假" }),
      other: { to: "2026-11-26T00:00:00+08:00" },
      is: ({ id }) => id,
      table: "leaves",
      deed: "leave.add",
    },
  ],
])("%s that is sent several times at once, and again after its answer was lost, is one", async (_, sent) => {
  const before = await count(sent.table)
  const answers = await Promise.all(Array.from({ length: 4 }, () => post(sent, sent.body())))
  answers.push(await post(sent, sent.body()))
  expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200))
  expect(sent.is(answers[0]!.body)).toBeTruthy()
  expect(new Set(answers.map(({ body }) => sent.is(body))).size).toBe(1)
  expect(await count(sent.table)).toBe(before + 1)
  expect(await count("audit", `what = '${sent.deed}'`)).toBe(1)
  const other = await post(sent, { ...sent.body(), ...sent.other })
  expect(sent.is(other.body)).not.toBe(sent.is(answers[0]!.body))
  expect(await count(sent.table)).toBe(before + 2)
})

it("an invitation that somebody came by, or that was asked for long ago, is not the same any more", async () => {
  const asked = () =>
    house.as<{ token: string }>("沈一诺", "/api/v1/invitations", {
      department: "operations",
      roles: [{ role: "viewer" }],
      uses: 10,
    })
  const first = (await asked()).body.token
  const account = { name: "陈默", email: "chenmo@example.com", password: "long enough 1" }
  const joined = await house.ask(null, {
    method: "POST",
    url: `/api/v1/invitations/${first}`,
    payload: account,
  })
  expect(joined.status).toBe(200)
  const second = (await asked()).body.token
  expect(second).not.toBe(first)
  house.stage.now += 11 * 60_000
  expect((await asked()).body.token).not.toBe(second)
  house.stage.now = now
})
