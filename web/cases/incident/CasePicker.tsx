import { Checkbox, Input } from "antd"
import { useState } from "react"
import type { IncidentView } from "../../../src/api/contract/incidents.ts"
import { ErrorState, Skeleton } from "../../marks/Blank.tsx"
import { useWords } from "../../words/words.ts"
import { Late, useAbout } from "../columns.tsx"
import { useCases } from "../queries.ts"

type Props = {
  each: IncidentView
  chosen: ReadonlySet<string>
  onChange(chosen: ReadonlySet<string>): void
}

/** Open cases that belong to no incident, those of the same cause first to hand; found by the number of case or order too. */
export function CasePicker({ each, chosen, onChange }: Props) {
  const { t } = useWords()
  const about = useAbout()
  const [q, setQ] = useState("")
  const [isAlike, setAlike] = useState(each.cause !== null)
  const found = useCases({
    state: "unarchived",
    incident: "none",
    sort: "owed",
    ...(isAlike && each.cause !== null ? { cause: each.cause } : {}),
    ...(q.trim() ? { q: q.trim() } : {}),
  })
  const rows = found.data?.pages.flatMap(({ items }) => items) ?? []
  const total = found.data?.pages[0]?.total ?? 0
  const take = (numbers: readonly string[], on: boolean) => {
    const next = new Set(chosen)
    for (const number of numbers) on ? next.add(number) : next.delete(number)
    onChange(next)
  }
  const all = rows.map(({ number }) => number)
  return (
    <div className="case-picker">
      <Input.Search
        allowClear
        aria-label={t("incident.pick.find")}
        placeholder={t("incident.pick.find")}
        onSearch={setQ}
        // Enter looks; it does not send the form around it.
        onPressEnter={(event) => event.preventDefault()}
      />
      <div className="row">
        <Checkbox
          checked={all.length > 0 && all.every((number) => chosen.has(number))}
          indeterminate={
            all.some((number) => chosen.has(number)) && !all.every((number) => chosen.has(number))
          }
          disabled={all.length === 0}
          onChange={({ target }) => take(all, target.checked)}
        >
          {t("incident.pick.all")}
        </Checkbox>
        <span className="grow" />
        {each.cause !== null && (
          <Checkbox checked={isAlike} onChange={({ target }) => setAlike(target.checked)}>
            {t("incident.pick.alike")}
          </Checkbox>
        )}
      </div>
      <div className="case-picks">
        {found.isPending && <Skeleton rows={4} />}
        {found.error && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
        {found.data && rows.length === 0 && (
          <p className="t3 s">
            {t("incident.pick.none")}{" "}
            {isAlike && (
              <button type="button" className="link" onClick={() => setAlike(false)}>
                {t("incident.pick.others")}
              </button>
            )}
          </p>
        )}
        {rows.map((row) => (
          <Checkbox
            key={row.number}
            checked={chosen.has(row.number)}
            onChange={({ target }) => take([row.number], target.checked)}
          >
            <span className="nw m">{row.number}</span> <span className="el grow">{about(row)}</span>
            <Late row={row} />
          </Checkbox>
        ))}
        {found.hasNextPage && (
          <button type="button" className="link s" onClick={() => void found.fetchNextPage()}>
            {t("incident.pick.more", { n: (total - rows.length).toLocaleString("en") })}
          </button>
        )}
      </div>
      <p className="t3 s">{t("incident.pick.chosen", { n: chosen.size.toLocaleString("en") })}</p>
    </div>
  )
}
