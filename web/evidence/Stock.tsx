import { Button, Input, InputNumber, Upload } from "antd"
import { Boxes, Upload as UploadIcon } from "lucide-react"
import { useState } from "react"
import type { StockView } from "../../src/api/contract/causes.ts"
import { EmptyState, useProblem } from "../marks/Blank.tsx"
import { type Column, VirtualTable } from "../marks/VirtualTable.tsx"
import { useWho } from "../shell/who.tsx"
import { exact } from "../time/dates.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { useStock, useTellStock } from "./queries.ts"

/** The last known stock by SKU: from a warehouse system's export, or told by hand. */
export function Stock() {
  const { t } = useWords()
  const zone = useZone()
  const { may } = useWho()
  const [q, setQ] = useState("")
  const { data, error, isLoading, refetch } = useStock(q)
  const tell = useTellStock()
  const problem = useProblem()
  const number = (value: number | null) => (
    <span className="r">{value === null ? "–" : value.toLocaleString("en")}</span>
  )
  const columns: Column<StockView>[] = [
    {
      key: "sku",
      head: t("evidence.stock.sku"),
      width: "minmax(140px,2fr)",
      cell: ({ sku }) => <b className="el">{sku}</b>,
    },
    {
      key: "warehouse",
      head: t("evidence.stock.warehouse"),
      width: "minmax(90px,1fr)",
      cell: ({ warehouse }) => <span className="t2 el">{warehouse ?? "–"}</span>,
    },
    {
      key: "sellable",
      head: t("evidence.stock.sellable"),
      width: "84px",
      align: "right",
      cell: ({ sellable }) => (
        <b className={sellable !== null && sellable <= 0 ? "report-late" : ""}>{sellable ?? "–"}</b>
      ),
    },
    {
      key: "onHand",
      head: t("evidence.stock.onHand"),
      width: "84px",
      align: "right",
      cell: ({ onHand }) => number(onHand),
    },
    {
      key: "locked",
      head: t("evidence.stock.locked"),
      width: "84px",
      align: "right",
      wide: true,
      cell: ({ locked }) => number(locked),
    },
    {
      key: "blocked",
      head: t("evidence.stock.blocked"),
      width: "84px",
      align: "right",
      wide: true,
      cell: ({ blocked }) => number(blocked),
    },
    {
      key: "counted",
      head: t("evidence.stock.counted"),
      width: "84px",
      align: "right",
      wide: true,
      cell: ({ counted }) => number(counted),
    },
    {
      key: "inbound",
      head: t("evidence.stock.inbound"),
      width: "minmax(120px,1fr)",
      wide: true,
      cell: ({ inbound }) => (
        <span className="t2 el">
          {inbound === null
            ? "–"
            : inbound.length === 0
              ? t("evidence.stock.none")
              : inbound
                  .map(({ ref, expectedAt }) =>
                    [ref, expectedAt && exact(Date.parse(expectedAt), zone)].filter(Boolean).join(" "),
                  )
                  .join(t("line.and"))}
        </span>
      ),
    },
    {
      key: "at",
      head: t("evidence.stock.at"),
      width: "150px",
      wide: true,
      cell: ({ at, recordedBy }) => (
        <span className="t3 nw" title={recordedBy}>
          {exact(Date.parse(at), zone)}
        </span>
      ),
    },
  ]
  const answer = tell.data
  return (
    <section className="evidence-stock">
      <header className="row" style={{ gap: 8 }}>
        <h2 className="grow">{t("evidence.tab.stock")}</h2>
        <Input.Search
          allowClear
          placeholder={t("evidence.stock.search")}
          style={{ maxWidth: 220 }}
          onSearch={(text) => setQ(text.trim())}
        />
        {may("act", "order") && (
          <Upload
            accept=".csv,.xlsx"
            showUploadList={false}
            beforeUpload={(file) => {
              tell.mutate(file)
              return false
            }}
          >
            <Button icon={<UploadIcon size={14} />} loading={tell.isPending}>
              {t("evidence.stock.upload")}
            </Button>
          </Upload>
        )}
      </header>
      <p className="t2 s">{t("evidence.stock.hint")}</p>
      {tell.error ? (
        <p className="evidence-error" role="alert">
          {problem(tell.error).title} {problem(tell.error).mend}
        </p>
      ) : null}
      {answer && (
        <p className="s">
          {t("evidence.stock.saved", { count: answer.saved })}
          {"rejected" in answer && answer.rejected.length > 0 && (
            <span className="evidence-error">
              {" "}
              {t("evidence.stock.rejected", {
                lines: answer.rejected
                  .slice(0, 5)
                  .map(({ line }) => line)
                  .join(t("line.and")),
                count: answer.rejected.length,
              })}
            </span>
          )}
        </p>
      )}
      {may("act", "order") && <ByHand />}
      <div className="evidence-table">
        <VirtualTable
          label={t("evidence.tab.stock")}
          columns={columns}
          count={data?.length ?? 0}
          row={(index) => data?.[index]}
          rowKey={({ sku, warehouse }) => `${sku} ${warehouse}`}
          loading={isLoading}
          error={data ? undefined : error}
          onRetry={() => void refetch()}
          narrow={(row) => (
            <div className="order-narrow">
              <b>{row.sku}</b>
              <span className="t2 s el">
                {[row.warehouse, `${t("evidence.stock.sellable")} ${row.sellable ?? "–"}`]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </div>
          )}
          empty={<EmptyState icon={Boxes} title={t("evidence.stock.empty")} />}
        />
      </div>
    </section>
  )
}

function ByHand() {
  const { t } = useWords()
  const tell = useTellStock()
  const [sku, setSku] = useState("")
  const [warehouse, setWarehouse] = useState("")
  const [onHand, setOnHand] = useState<number | null>(null)
  const save = () =>
    tell.mutate([{ sku: sku.trim(), ...(warehouse.trim() ? { warehouse: warehouse.trim() } : {}), onHand }], {
      onSuccess: () => {
        setSku("")
        setOnHand(null)
      },
    })
  return (
    <div className="row evidence-by-hand">
      <Input
        value={sku}
        onChange={({ target }) => setSku(target.value)}
        placeholder={t("evidence.stock.sku")}
      />
      <Input
        value={warehouse}
        onChange={({ target }) => setWarehouse(target.value)}
        placeholder={t("evidence.stock.warehouse")}
      />
      <InputNumber value={onHand} onChange={setOnHand} placeholder={t("evidence.stock.onHand")} />
      <Button disabled={sku.trim() === "" || onHand === null} loading={tell.isPending} onClick={save}>
        {t("evidence.stock.tell")}
      </Button>
    </div>
  )
}
