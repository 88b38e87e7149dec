import { expect, it } from "vitest"
import { shownCells } from "./rows.ts"

it("cells are shown without what names a person; the number of an order is shown whole, whatever its digits look like", () => {
  const headers = ["主订单编号", "收件人", "备注"]
  const at = { orderNo: 0 } as Parameters<typeof shownCells>[1]
  expect(
    shownCells(["693104198801574999", "林小姐", "电话 13905746021，证 330203199001011234"], at, headers),
  ).toEqual(["693104198801574999", "***", expect.not.stringMatching(/13905746021|330203199001011234/)])
  expect(shownCells(["693104198801574999"], {} as typeof at, ["备注"])).toEqual(["******"])
})
