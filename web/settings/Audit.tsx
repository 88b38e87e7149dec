import { useInfiniteQuery } from "@tanstack/react-query"
import { Input } from "antd"
import { useState } from "react"
import type { AuditRow } from "../../src/api/contract/people.ts"
import { get } from "../client.ts"
import { PageHead } from "../marks/PageHead.tsx"
import { Panel } from "../marks/Panel.tsx"
import { type Column, VirtualTable } from "../marks/VirtualTable.tsx"
import { exact, sayShort } from "../time/dates.ts"
import { useNow } from "../time/now.ts"
import { useZone } from "../time/zone.ts"
import { hasWords, useWords } from "../words/words.ts"
import { saySubject, sayWho } from "./auditWords.ts"

type Answer = { items: AuditRow[]; next: string | null }

/** What people and keys changed, newest first; each opens to what was there before and after. */
export default function AuditSection() {
  const { t, language } = useWords()
  const zone = useZone()
  const now = useNow(60_000)
  const [q, setQ] = useState("")
  const [open, setOpen] = useState<AuditRow | null>(null)
  const audit = useInfiniteQuery({
    queryKey: ["audit", q],
    queryFn: ({ pageParam }) => get<Answer>("/api/v1/audit", { q, before: pageParam }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  })
  const rows = audit.data?.pages.flatMap(({ items }) => items) ?? []
  const whoOf = ({ who }: AuditRow) => sayWho(who, t)
  const whatOf = ({ what }: AuditRow) =>
    hasWords(`settings.audit.what.${what.replaceAll(".", "_")}`)
      ? t(`settings.audit.what.${what.replaceAll(".", "_")}`)
      : what
  const columns: Column<AuditRow>[] = [
    {
      key: "at",
      head: t("settings.audit.at"),
      width: "132px",
      cell: ({ at }) => (
        <span className="nw" title={exact(Date.parse(at), zone)}>
          {sayShort(Date.parse(at), now, { language, zone })}
        </span>
      ),
    },
    {
      key: "who",
      head: t("settings.audit.who"),
      width: "140px",
      cell: (row) => <b className="m">{whoOf(row)}</b>,
    },
    { key: "what", head: t("settings.audit.does"), width: "180px", cell: whatOf },
    {
      key: "subject",
      head: t("settings.audit.about"),
      width: "minmax(160px,1fr)",
      cell: ({ subject }) => <span className="t2 el">{saySubject(subject, t)}</span>,
    },
  ]
  return (
    <div className="with-panel">
      <div className="list">
        <PageHead title={t("settings.section.audit")} aside={t("settings.means.audit")}>
          <Input.Search
            size="small"
            allowClear
            style={{ width: 220 }}
            placeholder={t("settings.audit.search")}
            onSearch={setQ}
          />
        </PageHead>
        <VirtualTable
          label={t("settings.section.audit")}
          columns={columns}
          count={rows.length}
          row={(index) => rows[index]}
          rowKey={({ id }) => id}
          selected={open?.id ?? null}
          onOpen={setOpen}
          loading={audit.isPending}
          error={audit.data ? undefined : audit.error}
          onRetry={() => void audit.refetch()}
          onReach={(last) => {
            if (last >= rows.length - 20 && audit.hasNextPage && !audit.isFetchingNextPage)
              void audit.fetchNextPage()
          }}
          narrow={(row) => (
            <div className="order-narrow">
              <b>
                {whoOf(row)} {whatOf(row)}
              </b>
              <span className="t2 s el">
                {sayShort(Date.parse(row.at), now, { language, zone })} · {saySubject(row.subject, t)}
              </span>
            </div>
          )}
        />
      </div>
      {open && (
        <Panel head={<b>{whatOf(open)}</b>} label={whatOf(open)} onClose={() => setOpen(null)}>
          <section>
            <p>
              {whoOf(open)} · {exact(Date.parse(open.at), zone)}
            </p>
            <p className="t3 s" title={open.subject}>
              {saySubject(open.subject, t)}
            </p>
          </section>
          {(["before", "after"] as const).map(
            (when) =>
              open[when] !== null && (
                <section key={when}>
                  <h2>{t(`settings.audit.${when}`)}</h2>
                  <pre className="audit-json">{JSON.stringify(open[when], null, 2)}</pre>
                </section>
              ),
          )}
        </Panel>
      )}
    </div>
  )
}
