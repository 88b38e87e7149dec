import { Button, Input, Select } from "antd"
import { Download, FileText } from "lucide-react"
import { Link, useNavigate, useSearchParams } from "react-router"
import type { ArchivedRow } from "../../src/api/contract/causes.ts"
import { sayDate, saySpan } from "../../src/core/saying.ts"
import { EmptyState } from "../marks/Blank.tsx"
import { PageHead } from "../marks/PageHead.tsx"
import { type Column, VirtualTable } from "../marks/VirtualTable.tsx"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { exportOf, useArchive, useCauses } from "./queries.ts"
import { nameIn } from "./say.ts"

/** The archive of reports: found by any words in them, by cause; every row opens the report. */
export function Archive() {
  const { t, language } = useWords()
  const zone = useZone()
  const navigate = useNavigate()
  const [search, setSearch] = useSearchParams()
  const filter = { q: search.get("q") ?? "", cause: search.get("cause") ?? "" }
  const narrow = (key: string, value: string) =>
    setSearch((before) => {
      const next = new URLSearchParams(before)
      if (value === "") next.delete(key)
      else next.set(key, value)
      return next
    })
  const { data, error, refetch, hasNextPage, fetchNextPage, isLoading } = useArchive(filter)
  const causes = useCauses().data?.causes ?? []
  const rows = data?.pages.flatMap(({ items }) => items) ?? []
  const total = data?.pages[0]?.total ?? 0
  const columns: Column<ArchivedRow>[] = [
    {
      key: "number",
      head: t("report.column.number"),
      width: "64px",
      cell: ({ number }) => <span className="t3">{number}</span>,
    },
    {
      key: "subject",
      head: t("report.column.subject"),
      width: "104px",
      cell: ({ subject }) => (
        <Link to={`/report/${subject}`}>
          <b>{subject}</b>
        </Link>
      ),
    },
    {
      key: "cause",
      head: t("report.column.cause"),
      width: "132px",
      cell: ({ causeName }) => <span className="el">{causeName[language]}</span>,
    },
    {
      key: "what",
      head: t("report.column.what"),
      width: "minmax(200px,3fr)",
      cell: ({ whatHappened, order }) => (
        <span className="el t2">{whatHappened ?? order?.product ?? ""}</span>
      ),
    },
    {
      key: "late",
      head: t("report.column.late"),
      width: "92px",
      wide: true,
      cell: ({ latenessMs }) => <span className="nw">{latenessMs === null ? "–" : saySpan(latenessMs)}</span>,
    },
    {
      key: "department",
      head: t("report.column.department"),
      width: "112px",
      wide: true,
      cell: ({ departmentName }) => <span className="t2 nw">{nameIn(departmentName, language)}</span>,
    },
    {
      key: "at",
      head: t("report.column.at"),
      width: "150px",
      wide: true,
      cell: ({ archivedAt, archivedBy }) => (
        <span className="t3 nw" title={archivedBy}>
          {sayDate(Date.parse(archivedAt), zone, language)}
        </span>
      ),
    },
  ]
  return (
    <div className="reports">
      <PageHead title={t("report.archive")} aside={data ? t("report.count", { count: total }) : undefined}>
        <Input.Search
          allowClear
          defaultValue={filter.q}
          placeholder={t("report.search")}
          onSearch={(text) => narrow("q", text.trim())}
        />
        <Select
          allowClear
          showSearch
          optionFilterProp="label"
          value={filter.cause || undefined}
          placeholder={t("report.anyCause")}
          style={{ width: 160 }}
          onChange={(value: string | undefined) => narrow("cause", value ?? "")}
          options={causes.map(({ code, name }) => ({ value: code, label: name[language] }))}
        />
        <Button icon={<Download size={14} />} href={exportOf(filter, language)} disabled={total === 0}>
          {t("report.export")}
        </Button>
      </PageHead>
      <VirtualTable
        label={t("report.archive")}
        columns={columns}
        count={total}
        row={(index) => rows[index]}
        rowKey={({ number }) => String(number)}
        loading={isLoading}
        error={data ? undefined : error}
        onRetry={() => void refetch()}
        onOpen={({ subject }) => void navigate(`/report/${subject}`)}
        onReach={(index) => {
          if (index >= rows.length - 10 && hasNextPage) void fetchNextPage()
        }}
        narrow={(row) => (
          <div className="order-narrow">
            <b>
              {row.subject} {row.causeName[language]}
            </b>
            <span className="t2 s el">{row.whatHappened ?? row.order?.product ?? ""}</span>
          </div>
        )}
        empty={
          <EmptyState
            icon={FileText}
            title={t(filter.q || filter.cause ? "report.noneFound" : "report.none")}
          >
            {t("report.noneHint")}
          </EmptyState>
        }
      />
    </div>
  )
}
