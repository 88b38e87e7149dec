/** What a permission is about. */
export const subjects = [
  "order",
  "case",
  "care",
  "warehouse",
  "policy",
  "supervision",
  "people",
  "settings",
  "money",
  "events",
] as const
export type Subject = (typeof subjects)[number]
/** `read` to see, `act` to change, `propose` to suggest what somebody else decides. */
export type Action = "read" | "act" | "propose"

export const roles = [
  "owner",
  "operations",
  "service",
  "warehouse",
  "finance",
  "administration",
  "viewer",
  "head",
  "supervisor",
  "integration",
] as const
export type Role = (typeof roles)[number]

type Allowed = Partial<Record<Subject, Action[]>>
const act: Action[] = ["read", "act"]
const read: Action[] = ["read"]

/** The table of roles (DESIGN §9). */
const table: Record<Role, Allowed> = {
  owner: Object.fromEntries(subjects.map((subject) => [subject, ["read", "act", "propose"]])),
  operations: {
    order: act,
    case: act,
    care: read,
    warehouse: read,
    policy: ["read", "propose"],
    supervision: read,
    people: read,
    settings: read,
    money: read,
    events: act,
  },
  service: { order: read, case: act, care: act, policy: read, money: ["propose"] },
  warehouse: { order: act, case: act, warehouse: act, policy: read },
  finance: { order: read, case: read, policy: read, supervision: read, money: act },
  administration: { order: read, case: read, policy: act, supervision: read, people: act, settings: act },
  viewer: { order: read, case: read, care: read, warehouse: read, policy: read },
  head: { order: read, case: act, policy: read, supervision: ["read", "propose"], people: act },
  supervisor: { order: read, case: read, care: read, warehouse: read, policy: read, supervision: act },
  integration: { order: read, case: read, policy: read, events: act },
}

/** A rule as @casl/ability takes it. */
export type Rule = { action: Action; subject: Subject }

/** The rules of somebody who holds roles, the same in server and web. */
export function rulesOf(held: readonly Role[]): Rule[] {
  const rules = new Map<string, Rule>()
  for (const role of held)
    for (const [subject, actions] of Object.entries(table[role]) as [Subject, Action[]][])
      for (const action of actions) rules.set(`${action} ${subject}`, { action, subject })
  return [...rules.values()]
}
