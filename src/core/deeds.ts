import { caseActs } from "./cases.ts"
import { incidentActs } from "./incidents.ts"

const plain = [
  "alerts.settings",
  "attachment.keep",
  "backup.download",
  "backup.make",
  "backup.settle",
  "channels.change",
  "company.change",
  "company.create",
  "delivery.retry",
  "department.close",
  "department.headless",
  "department.save",
  "gateway.settings",
  "gateway.test",
  "handover.give",
  "handover.take",
  "help.answer",
  "help.ask",
  "help.withdraw",
  "import",
  "import.undo",
  "incident.open",
  "key.create",
  "key.revoke",
  "leave.add",
  "leave.remove",
  "letter.again",
  "mail.settings",
  "master_key.forget",
  "order-events",
  "order.unwatch",
  "order.watch",
  "partner.save",
  "partner_link.make",
  "partner_link.revoke",
  "partner_link.revoke_all",
  "partner_request.answer",
  "partner_request.ask",
  "people.add",
  "people.change",
  "people.deactivate",
  "people.hand_over",
  "people.invite",
  "people.join",
  "people.reset",
  "people.reset_link",
  "people.uninvite",
  "policy.apply",
  "policy.publish",
  "policy.type_rules",
  "policy_part.publish",
  "receiver.reveal",
  "robot.add",
  "robot.change",
  "robot.remove",
  "roster.change",
  "roster.templates",
  "setup.finish",
  "stock.tell",
  "stuck.look_again",
  "trial_run.begin",
  "trial_run.end",
  "warehouse.save",
  "warning.release",
  "warning.take",
  "window.declare",
  "window.end",
  "window.withdraw",
] as const
/** `gather` is the engine's own. */
const ofIncidents = [...incidentActs, "gather"] as const
const ofCases = [...caseActs, "undo", "hand_over"] as const

/** What is done to an incident, by people or the engine. */
export type IncidentDeed = (typeof ofIncidents)[number]
/** What the audit trail can say that somebody did. */
export type Deed = (typeof plain)[number] | `case.${(typeof ofCases)[number]}` | `incident.${IncidentDeed}`

/** All of them: each has words under `settings.audit.what`, those of cases and incidents by the names of their acts. */
export const deeds: readonly Deed[] = [
  ...plain,
  ...ofCases.map((act) => `case.${act}` as const),
  ...ofIncidents.map((act) => `incident.${act}` as const),
]
