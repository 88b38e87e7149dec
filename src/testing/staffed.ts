import type { Role } from "../core/permissions.ts"
import { saveHead } from "../store/memberships.ts"
import { addPerson, saveCompany, saveDepartment } from "../store/people.ts"
import { type House, openHouse } from "./house.ts"

/** A house with departments and people who are signed in. */
export type Staffed = House & {
  /** ids by name */
  ids: Record<string, string>
  /** asks as somebody; GET without a payload, else POST unless told otherwise */
  as<Body = Record<string, unknown>>(
    name: string,
    url: string,
    payload?: object,
    method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  ): Promise<{ status: number; body: Body }>
}

/** Opens a company with departments (those named by its people) at `now`; a person is [name, department, role, …], `head` makes them its head. */
export async function openStaffed(
  now: number,
  people: readonly (readonly [name: string, department: string, ...roles: Role[]])[],
): Promise<Staffed> {
  const house = await openHouse(now)
  const { pool } = house.stage.db
  const origin = { origin: "http://localhost:7300" }
  await saveCompany(pool, { name: "青禾里", timezone: "Asia/Shanghai", language: "zh-Hans" }, now)
  for (const id of new Set(people.map(([, department]) => department)))
    await saveDepartment(pool, { id, name: id, parent: null })
  const ids: Record<string, string> = {}
  const cookies: Record<string, string> = {}
  for (const [i, [name, department, ...roles]] of people.entries()) {
    const account = { name, email: `p${i}@example.com`, password: "long enough 1" }
    const held = roles.map((role) => ({ role, department: role === "owner" ? null : department }))
    const authUserId = (await house.world.signIn.add(account))!
    ids[name] = await addPerson(
      pool,
      { ...account, authUserId, expiresAt: null, department, roles: held },
      now,
    )
    if (roles.includes("head")) await saveHead(pool, department, ids[name])
    const url = "/api/auth/sign-in/email"
    const answer = await house.app.inject({ method: "POST", url, headers: origin, payload: account })
    cookies[name] = answer.cookies.map((each) => `${each.name}=${encodeURIComponent(each.value)}`).join("; ")
  }
  return {
    ...house,
    ids,
    as: <Body>(name: string, url: string, payload?: object, method = payload ? "POST" : "GET") =>
      house.ask<Body>(null, {
        method: method as "GET",
        url,
        headers: { ...origin, cookie: cookies[name]! },
        ...(payload ? { payload } : {}),
      }),
  }
}
