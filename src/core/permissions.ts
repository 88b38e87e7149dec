/** What a permission is about; `receiver` is whom an order is sent to, whole, `watch` whether an order is watched at all. */
export const subjects = [
  "order",
  "watch",
  "receiver",
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
    watch: act,
    receiver: read,
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
  service: { order: read, receiver: read, case: act, care: act, policy: read, money: ["propose"] },
  warehouse: { order: act, receiver: read, case: act, warehouse: act, policy: read },
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

/** A role as it is held: for the whole company, or for one department. */
export type Held = { role: Role; department: string | null }
/** A department and the one above it. */
type Branch = { id: string; parent: string | null }

/** Roles whose power ends at the department they are held for. */
const departmental: readonly Role[] = ["head", "service", "warehouse"]
/** Roles that a head may give to the people of the department. */
const plain: readonly Role[] = ["service", "warehouse", "viewer"]

/** Which departments a permission reaches: all, or those it is held for with the ones below them. A permission is role × department. */
export function reachOf(
  held: readonly Held[],
  action: Action,
  subject: Subject,
  departments: readonly Branch[],
): "all" | ReadonlySet<string> {
  const reached = new Set<string>()
  for (const { role, department } of held) {
    if (!table[role][subject]?.includes(action)) continue
    if (department !== null && departmental.includes(role)) reached.add(department)
    else if (role !== "head") return "all"
  }
  // Each round goes one floor down; a tree of departments has few.
  for (let before = -1; before !== reached.size; ) {
    before = reached.size
    for (const { id, parent } of departments) if (parent !== null && reached.has(parent)) reached.add(id)
  }
  return reached
}

/** Whether a reach takes in a department; what belongs to none is within the reach of "all" alone. */
export const isWithin = (reach: "all" | ReadonlySet<string>, department: string | null): boolean =>
  reach === "all" || (department !== null && reach.has(department))

/** Whether somebody may give or take a role: an owner every one, whoever looks after all people all but owner, a head only the plain ones of the department. */
export function mayGive(by: readonly Held[], given: Held, departments: readonly Branch[]): boolean {
  if (by.some(({ role }) => role === "owner")) return true
  const reach = reachOf(by, "act", "people", departments)
  if (reach === "all") return given.role !== "owner"
  return plain.includes(given.role) && isWithin(reach, given.department)
}

/** Whether somebody may change a person or let them back in: nobody reaches past what they could have given. */
export function mayManage(
  by: readonly Held[],
  person: { department: string | null; roles: readonly Held[] },
  departments: readonly Branch[],
): boolean {
  return (
    isWithin(reachOf(by, "act", "people", departments), person.department) &&
    person.roles.every((each) => mayGive(by, each, departments))
  )
}
