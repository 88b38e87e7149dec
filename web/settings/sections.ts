import { type ComponentType, lazy } from "react"
import type { Action, Subject } from "../../src/core/permissions.ts"

/** A section of the settings: a line here and a file; the words of its name are `settings.section.<name>`. */
export type Section = {
  name: string
  may: [Action, Subject]
  /** draws its own head (with acts, or with a panel beside it) */
  whole?: true
} & ({ Page: ComponentType } | { to: string })

type Load = () => Promise<{ default: ComponentType }>
const page = (load: Load): { Page: ComponentType } => ({ Page: lazy(load) })

/** The sections by group, in their order; whoever adds one adds a line and a file. */
export const groups: { name: string; sections: Section[] }[] = [
  {
    name: "company",
    sections: [
      { name: "company", may: ["read", "settings"], ...page(() => import("./Company.tsx")) },
      { name: "shops", may: ["read", "settings"], ...page(() => import("./Shops.tsx")) },
      { name: "departments", may: ["read", "people"], ...page(() => import("./Departments.tsx")) },
      { name: "people", may: ["read", "people"], whole: true, ...page(() => import("./people/People.tsx")) },
      { name: "roster", may: ["read", "people"], to: "/roster" },
      { name: "warehouses", may: ["read", "settings"], ...page(() => import("./Warehouses.tsx")) },
      { name: "partners", may: ["read", "settings"], ...page(() => import("./Partners.tsx")) },
      { name: "types", may: ["read", "settings"], ...page(() => import("./Types.tsx")) },
      { name: "policy", may: ["read", "policy"], ...page(() => import("./policy/Policy.tsx")) },
    ],
  },
  {
    name: "traffic",
    sections: [
      { name: "import", may: ["act", "events"], to: "/import" },
      {
        name: "alerts",
        may: ["read", "settings"],
        whole: true,
        ...page(() => import("./alerts/Alerts.tsx").then(({ Alerts }) => ({ default: Alerts }))),
      },
      { name: "gateway", may: ["read", "settings"], ...page(() => import("./Gateway.tsx")) },
      { name: "keys", may: ["read", "settings"], ...page(() => import("./Keys.tsx")) },
    ],
  },
  {
    name: "running",
    sections: [
      {
        name: "trial",
        may: ["read", "settings"],
        ...page(() =>
          import("../trial/TrialSwitch.tsx").then(({ TrialSwitch }) => ({ default: TrialSwitch })),
        ),
      },
      { name: "engine", may: ["read", "settings"], to: "/engine" },
      { name: "privacy", may: ["read", "settings"], ...page(() => import("./privacy/Privacy.tsx")) },
      { name: "audit", may: ["read", "settings"], whole: true, ...page(() => import("./Audit.tsx")) },
    ],
  },
]
