import { Button, Input, Popover, Select } from "antd"
import { Plus, X } from "lucide-react"
import { useState } from "react"
import type { CaseCounts, CasesQuery, OwedState } from "../../src/api/contract/cases.ts"
import { StateTag } from "../marks/StateTag.tsx"
import { useWords } from "../words/words.ts"
import type { Changes } from "./filter.ts"
import { useDepartmentName } from "./names.ts"
import { useCauseName, useSavedViews } from "./queries.ts"

const built: { name: string; query: CasesQuery }[] = [
  { name: "all", query: {} },
  { name: "mine", query: { assignee: "me" } },
  { name: "unassigned", query: { owed: "assign" } },
  { name: "handedOn", query: { handOns: 2 } },
  { name: "resolvable", query: { resolvable: "true" } },
  { name: "archived", query: { state: "archived" } },
]
const same = (one: CasesQuery, other: CasesQuery): boolean => {
  const text = (query: CasesQuery) =>
    JSON.stringify(
      Object.entries(query)
        .filter(([key]) => key !== "sort")
        .map(([key, value]) => [key, String(value)])
        .sort(),
    )
  return text(one) === text(other)
}

/** Filters by name: those that everybody has, those saved, and a way to save the one at hand. */
export function SavedViews({ query, onOpen }: { query: CasesQuery; onOpen(query: CasesQuery): void }) {
  const { t } = useWords()
  const { views, save, drop } = useSavedViews()
  const [name, setName] = useState("")
  const [asking, setAsking] = useState(false)
  const known = built.some((each) => same(each.query, query)) || views.some((each) => same(each.query, query))
  const keep = () => {
    save.mutate({ name: name.trim(), query, ownedByAll: false })
    setAsking(false)
    setName("")
  }
  return (
    <nav className="views" aria-label={t("cases.states")}>
      {built.map((each) => (
        <button
          key={each.name}
          type="button"
          aria-current={same(each.query, query)}
          onClick={() => onOpen(each.query)}
        >
          {t(`cases.view.${each.name}`)}
        </button>
      ))}
      {views.map((each) => (
        <span key={each.name} className="row">
          <button type="button" aria-current={same(each.query, query)} onClick={() => onOpen(each.query)}>
            {each.name} {each.count !== undefined && <span className="t3">{each.count}</span>}
          </button>
          {same(each.query, query) && (
            <button
              type="button"
              className="icon-button"
              aria-label={t("cases.view.drop", { name: each.name })}
              onClick={() => drop.mutate(each.name)}
            >
              <X size={12} />
            </button>
          )}
        </span>
      ))}
      {!known && (
        <Popover
          open={asking}
          onOpenChange={setAsking}
          trigger="click"
          content={
            <span className="row" style={{ gap: 8 }}>
              <Input
                size="small"
                value={name}
                maxLength={40}
                placeholder={t("cases.view.name")}
                onChange={({ target }) => setName(target.value)}
                onPressEnter={() => name.trim() !== "" && keep()}
              />
              <Button size="small" type="primary" disabled={name.trim() === ""} onClick={keep}>
                {t("cases.view.save")}
              </Button>
            </span>
          }
        >
          <button type="button" aria-label={t("cases.view.save")}>
            <Plus size={14} />
          </button>
        </Popover>
      )}
    </nav>
  )
}

const dueStates: OwedState[] = ["over", "near", "running", "paused"]

/** What narrows the list by its address alone: shown, and taken away by a press. */
const withoutControl = [
  "q",
  "proposed",
  "incident",
  "alert",
  "owed",
  "owedBefore",
  "handOns",
  "resolvable",
  "channel",
  "shop",
  "basis",
  "clock",
  "openedFrom",
  "openedTo",
  "archivedFrom",
  "archivedTo",
] as const

/** Departments with their counts, causes and people, and how what is owed stands; each count opens its rows. */
export function CaseFilters({
  query,
  counts,
  onChange,
}: {
  query: CasesQuery
  counts: CaseCounts | undefined
  onChange(changes: Changes): void
}) {
  const { t, language } = useWords()
  const departmentName = useDepartmentName()
  const causeName = useCauseName(language)
  const option = (value: string, label: string, count: number) => ({ value, label: `${label} ${count}` })
  return (
    <div className="filters row">
      {(counts?.byDepartment ?? []).map(({ department, count }) => {
        const id = department ?? "none"
        return (
          <button
            key={id}
            type="button"
            className="tag"
            aria-pressed={query.department === id}
            onClick={() => onChange({ department: query.department === id ? null : id })}
          >
            {departmentName(department)} <b>{count.toLocaleString("en")}</b>
          </button>
        )
      })}
      <Select
        size="small"
        variant="filled"
        allowClear
        showSearch={{ optionFilterProp: "label" }}
        placeholder={t("cases.filter.cause")}
        style={{ minWidth: 104 }}
        value={query.cause ?? null}
        onChange={(cause: string | undefined) => onChange({ cause: cause ?? null })}
        options={(counts?.byCause ?? []).map(({ cause, count }) =>
          option(cause ?? "none", causeName(cause) ?? t("cases.filter.none"), count),
        )}
      />
      <Select
        size="small"
        variant="filled"
        allowClear
        placeholder={t("cases.filter.assignee")}
        style={{ minWidth: 104 }}
        value={query.assignee ?? null}
        onChange={(assignee: string | undefined) => onChange({ assignee: assignee ?? null })}
        options={(counts?.byAssignee ?? []).map(({ assignee, count }) =>
          option(assignee?.id ?? "none", assignee?.name ?? t("cases.filter.none"), count),
        )}
      />
      <Select
        size="small"
        variant="filled"
        allowClear
        placeholder={t("cases.filter.state")}
        style={{ minWidth: 104 }}
        value={query.state ?? null}
        onChange={(state: string | undefined) => onChange({ state: state ?? null })}
        options={(counts?.byState ?? []).map(({ state, count }) =>
          option(state, t(`cases.state.${state}`), count),
        )}
      />
      {withoutControl
        .filter((key) => query[key] !== undefined)
        .map((key) => (
          <button key={key} type="button" className="chip plain" onClick={() => onChange({ [key]: null })}>
            {key === "q" ? query.q : t(`cases.filter.by.${key}`)}
            {key === "proposed" &&
              ` ${causeName(query.proposed === "none" ? null : (query.proposed ?? null)) ?? ""}`}{" "}
            ×
          </button>
        ))}
      <span className="grow" />
      {dueStates.map((due) => {
        const count = counts && (counts.byDue.find((each) => each.due === due)?.count ?? 0)
        return (
          <StateTag
            key={due}
            state={due === "running" ? "calm" : due}
            count={count}
            pressed={query.due === due}
            onPress={() => onChange({ due: query.due === due ? null : due })}
          />
        )
      })}
    </div>
  )
}
