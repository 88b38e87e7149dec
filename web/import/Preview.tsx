import { AutoComplete, Button, Checkbox, Radio, Select, Tag } from "antd"
import { FileSpreadsheet, X } from "lucide-react"
import { useState } from "react"
import type { Following, ImportPreview } from "../../src/api/contract/imports.ts"
import { isoOf } from "../../src/core/instants.ts"
import { type ColumnKey, columnKeys } from "../../src/core/mapping.ts"
import { presets } from "../../src/core/presets.ts"
import { useChannelName } from "../board/names.ts"
import { StateIcon } from "../marks/StateIcon.tsx"
import { StateTag } from "../marks/StateTag.tsx"
import { exact } from "../time/dates.ts"
import { InstantPicker } from "../time/InstantPicker.tsx"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import type { Wish } from "./queries.ts"

type Props = {
  preview: ImportPreview
  wish: Wish
  busy: boolean
  onWish: (wish: Wish) => void
  onLeave: () => void
  onWrite: (more: { casesFrom?: string }) => void
}

/** The file as it was read: its columns to mend, its rows, and what writing it will come to. Nothing has changed yet. */
export function Preview({ preview, wish, busy, onWish, onLeave, onWrite }: Props) {
  const { t } = useWords()
  const [open, setOpen] = useState(false)
  const { estimate } = preview
  const mapped = preview.columns.filter(({ key }) => key !== null).length
  return (
    <>
      <Facts preview={preview} mapped={mapped} open={open} onLeave={onLeave} />
      <Wishes preview={preview} wish={wish} onWish={onWish} />
      {estimate?.isFirst && estimate.overdueUnshipped > 0 && (
        <FirstImport estimate={estimate} open={open} onOpen={setOpen} />
      )}
      <Columns preview={preview} wish={wish} onWish={onWish} />
      {estimate && estimate.byCode.length > 0 && <Refused byCode={estimate.byCode} />}
      <footer className="import-foot row">
        <span className="t3 s grow">{t("import.preview.nothingYet")}</span>
        <Checkbox
          checked={wish.withReceiver ?? false}
          onChange={({ target }) => onWish({ ...wish, withReceiver: target.checked })}
        >
          {t("import.preview.receiver")}
        </Checkbox>
        <Button onClick={onLeave}>{t("import.back")}</Button>
        <Button
          type="primary"
          loading={busy}
          disabled={estimate === null || estimate.orders === 0}
          onClick={() => onWrite(open ? { casesFrom: "open" } : {})}
        >
          {t("import.preview.write", { n: (estimate?.orders ?? 0).toLocaleString("en") })}
        </Button>
      </footer>
    </>
  )
}

function Facts({
  preview,
  mapped,
  open,
  onLeave,
}: {
  preview: ImportPreview
  mapped: number
  open: boolean
  onLeave: () => void
}) {
  const { t } = useWords()
  const zone = useZone()
  const { estimate, format } = preview
  const follows = useFollows()
  const channelName = useChannelName()
  const channel = presets.find((each) => each.mapping.name === format)?.channel
  const title = channel && channelName(channel)
  const figures: [number, string, boolean][] = estimate
    ? [
        [estimate.orders, t("import.preview.orders"), false],
        [estimate.newOrders, t("import.preview.fresh"), false],
        [estimate.changedOrders, t("import.preview.changed"), false],
        [estimate.sameOrders, t("import.preview.same"), false],
        [estimate.rejectedCount, t("import.preview.rejected"), true],
      ]
    : []
  return (
    <div className="import-facts">
      <div className="col">
        <b className="row" style={{ gap: 8 }}>
          <FileSpreadsheet size={15} />
          <span className="el">{preview.file}</span>
          <button type="button" className="icon-button" aria-label={t("import.back")} onClick={onLeave}>
            <X size={14} />
          </button>
        </b>
        <span className="t3 s">
          {title ? t("import.preview.recognised", { title }) : t("import.preview.unknown")} ·{" "}
          {t("import.preview.mapped", { n: mapped, of: preview.columns.length })} ·{" "}
          {exact(Date.parse(preview.exportedAt), zone)} · {preview.encoding.toUpperCase()}
        </span>
      </div>
      {figures.map(([n, name, isBad]) => (
        <div key={name} className={`import-figure${isBad && n > 0 ? " over" : ""}`}>
          <b className="row">
            {isBad && n > 0 && <StateIcon state="over" size={18} />}
            {n.toLocaleString("en")}
          </b>
          <span className="t3 s">{name}</span>
        </div>
      ))}
      {estimate && (
        <div className="import-after">
          <span className="t3 s">{t("import.preview.after")}</span>
          <span className="row" style={{ gap: 6 }}>
            <StateTag state="near" count={estimate.near} />
            <StateTag state="over" count={estimate.overdue} />
          </span>
          <span className="t2 s">
            {follows(open ? estimate.following.howeverOld : estimate.following.asAsked)}
          </span>
          {estimate.missingOpenOrders > 0 && (
            <span className="t2 s">
              {t("import.preview.missing", { n: estimate.missingOpenOrders.toLocaleString("en") })}
            </span>
          )}
        </div>
      )}
    </div>
  )
}

function Wishes({ preview, wish, onWish }: Pick<Props, "preview" | "wish" | "onWish">) {
  const { t } = useWords()
  const channelName = useChannelName()
  const [shop, setShop] = useState(wish.shop ?? "")
  return (
    <div className="import-wishes row">
      <div className="row import-wish">
        <span className="t3 s">{t("import.preview.platform")}</span>
        <Select
          aria-label={t("import.preview.platform")}
          size="small"
          style={{ minWidth: 150 }}
          value={wish.format ?? preview.format ?? "by-hand"}
          onChange={(format) =>
            onWish({ ...wish, ...(format === "by-hand" ? {} : { format }), mapping: undefined as never })
          }
          options={[
            ...presets.map((each) => ({ value: each.mapping.name, label: channelName(each.channel) })),
            { value: "by-hand", label: t("import.preview.byHand") },
          ]}
        />
      </div>
      <div className="row import-wish">
        <span className="t3 s">{t("import.preview.shop")}</span>
        <AutoComplete
          aria-label={t("import.preview.shop")}
          size="small"
          style={{ width: 150 }}
          status={preview.shopNeeded ? "error" : ""}
          placeholder={t(preview.shopNeeded ? "import.preview.shopNeeded" : "import.preview.shopHint")}
          value={shop}
          options={preview.shops.map((each) => ({ value: each }))}
          onChange={setShop}
          onSelect={(chosen: string) => onWish({ ...wish, shop: chosen })}
          onBlur={() => shop !== (wish.shop ?? "") && onWish({ ...wish, shop })}
        />
      </div>
      <div className="row import-wish">
        <span className="t3 s">{t("import.preview.exportedAt")}</span>
        <InstantPicker
          size="small"
          showTime
          allowClear={false}
          value={Date.parse(preview.exportedAt)}
          onChange={(at) => at && onWish({ ...wish, exportedAt: isoOf(at) })}
        />
      </div>
    </div>
  )
}

/** What would follow at once, in one sentence. */
function useFollows(): (each: Following) => string {
  const { t } = useWords()
  return ({ cases, alerts }) =>
    t("import.preview.follows", { cases: cases.toLocaleString("en"), alerts: alerts.toLocaleString("en") })
}

/** The first file of a shop: what is overdue already opens cases or not, with what follows of either. */
function FirstImport({
  estimate,
  open,
  onOpen,
}: {
  estimate: NonNullable<ImportPreview["estimate"]>
  open: boolean
  onOpen: (open: boolean) => void
}) {
  const { t } = useWords()
  const follows = useFollows()
  const choices = [
    { value: false, following: estimate.following.asAsked },
    { value: true, following: estimate.following.howeverOld },
  ]
  return (
    <section className="import-first">
      <h2>{t("import.first.title", { n: estimate.overdueUnshipped.toLocaleString("en") })}</h2>
      <Radio.Group value={open} onChange={({ target }) => onOpen(target.value as boolean)}>
        {choices.map(({ value, following }) => (
          <Radio key={String(value)} value={value}>
            {t(value ? "import.first.open" : "import.first.leave")}{" "}
            <span className="t3">{follows(following)}</span>
          </Radio>
        ))}
      </Radio.Group>
    </section>
  )
}

/** The first rows under selects, one a column, that say what the column is. */
function Columns({ preview, wish, onWish }: Pick<Props, "preview" | "wish" | "onWish">) {
  const { t } = useWords()
  const name = (key: ColumnKey) => t(`import.key.${key}`)
  const choose = (index: number, key: ColumnKey | "") => {
    const columns: Partial<Record<ColumnKey, string>> = {}
    for (const each of preview.columns) {
      const own = each.index === index ? key : each.key
      if (own !== null && own !== "" && (each.index === index || own !== key))
        columns[own as ColumnKey] = each.header
    }
    const { shop: _, ...rest } = wish
    onWish({
      ...rest,
      ...(wish.shop ? { shop: wish.shop } : {}),
      ...(preview.format ? { format: preview.format } : {}),
      mapping: { columns },
    })
  }
  const known = preview.columns.filter(({ header, key }) => header !== "" || key !== null)
  // What is mapped stands first, so that a file of seventy columns is still read at a glance.
  const shown = [...known.filter(({ key }) => key !== null), ...known.filter(({ key }) => key === null)]
  return (
    <div className="import-table">
      <table>
        <thead>
          <tr>
            <th>{t("import.preview.line")}</th>
            {shown.map(({ header, index, key }) => (
              <th key={index}>
                <span className="t3 el">{header}</span>
                <Select
                  size="small"
                  showSearch={{ optionFilterProp: "label" }}
                  className={key === null ? "unmapped" : ""}
                  value={(key ?? "") as ColumnKey | ""}
                  onChange={(chosen) => choose(index, chosen)}
                  options={[
                    { value: "", label: t("import.preview.leave") },
                    ...columnKeys.map((each) => ({ value: each, label: name(each) })),
                  ]}
                  popupMatchSelectWidth={180}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.rows.map(({ line, cells }) => (
            <tr key={line}>
              <td className="t3">{line}</td>
              {shown.map(({ index, key }) => (
                <td key={index} className={key === null ? "t3" : ""}>
                  {(key === "receiverName" || key === "receiverPhone" || key === "address") && cells[index]
                    ? "***"
                    : cells[index]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Rows that will not be written, by reason: which, where and how to mend. */
export function Refused({
  byCode,
}: {
  byCode: readonly { code: string; count: number; lines: number[]; message: string }[]
}) {
  const { t } = useWords()
  return (
    <section className="import-refused">
      <h2>
        {t("import.refused.title", { n: byCode.reduce((n, { count }) => n + count, 0).toLocaleString("en") })}
      </h2>
      <table>
        <thead>
          <tr>
            <th>{t("import.refused.count")}</th>
            <th>{t("import.refused.what")}</th>
            <th>{t("import.refused.lines")}</th>
            <th>{t("import.refused.mend")}</th>
          </tr>
        </thead>
        <tbody>
          {byCode.map(({ code, count, lines }) => (
            <tr key={code}>
              <td>
                <b>{count.toLocaleString("en")}</b>
              </td>
              <td>
                <Tag>{t(`import.code.${code}`)}</Tag>
              </td>
              <td className="t2">{lines.slice(0, 3).join(", ")}</td>
              <td className="t2">{t(`import.mend.${code}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
