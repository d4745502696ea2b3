// 结果查询页的脚本：查找、排序、筛选，打开一个党组织。不连网络；文字只作文字写入，不作标记。
// 写法只用 2018 年以前的，旧的 360、火狐浏览器也能运行。
(function () {
  "use strict";

  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const text = (number) => data.texts[number];
  // 一栏的数各行相同时只写一个。
  const at = (column, row) => (typeof column === "number" ? column : column[row]);
  const root = document.documentElement;
  root.classList.add("js");

  // 造一个元素；文字用 textContent，写进去的标记不起作用。
  function made(tag, content, name) {
    const element = document.createElement(tag);
    if (name) element.className = name;
    if (content !== undefined) element.textContent = content;
    return element;
  }

  function emptied(element) {
    while (element.firstChild) element.removeChild(element.firstChild);
    return element;
  }

  // --- 总表 ----------------------------------------------------------------------------------------------

  const table = byId("list");
  const body = table.tBodies[0];
  const heads = Array.from(table.tHead.rows[0].cells);
  const titles = heads.map((head) => head.textContent);
  const kinds = heads.map((head) => head.getAttribute("data-kind"));
  const nameColumn = titles.indexOf("党组织名称");
  const ranks = {};
  data.grades.forEach((number, rank) => { ranks[text(number)] = rank; });
  const branches = Array.from(body.rows).map((row, number) => ({
    number: number,
    row: row,
    cells: Array.from(row.cells).map((cell) => cell.textContent),
    code: text(data.unit[number]),
    link: null,
  }));
  const places = {};
  branches.forEach((branch) => { places[branch.code] = branch.number; });

  // 名称成为链接；等次加底色，颜色之外总有文字。
  branches.forEach((branch) => {
    branch.link = made("a", branch.cells[nameColumn]);
    branch.link.href = "#" + encodeURIComponent(branch.code);
    branch.link.tabIndex = -1;
    emptied(branch.row.cells[nameColumn]).appendChild(branch.link);
    branch.cells.forEach((told, column) => {
      if (kinds[column] === "grade" && told) {
        emptied(branch.row.cells[column]).appendChild(graded(told));
      }
    });
  });

  function graded(told) {
    const shade = ranks[told] === undefined ? -1 : ranks[told];
    return made("span", told, shade < 0 ? "" : "grade grade-" + (shade + 1));
  }

  const collator = new Intl.Collator("zh-CN", { numeric: true });
  let sorted = { column: -1, down: false };
  let shown = branches;

  // 一格按什么比：等次按标准的次序，数按大小，其余按文字；没有数的排在最后。
  function weight(branch, column) {
    const told = branch.cells[column];
    if (kinds[column] === "text") return told;
    if (kinds[column] === "grade") return ranks[told] === undefined ? null : ranks[told];
    const figure = parseFloat(told);
    return isNaN(figure) ? null : figure;
  }

  function compared(column, down) {
    const sign = down ? -1 : 1;
    return (one, two) => {
      const left = weight(one, column);
      const right = weight(two, column);
      if (left === null || right === null) {
        return (left === null) - (right === null) || one.number - two.number;
      }
      const order = typeof left === "string" ? collator.compare(left, right) : left - right;
      return sign * order || one.number - two.number;
    };
  }

  function sort(column) {
    if (sorted.column !== column) sorted = { column: column, down: false };
    else if (!sorted.down) sorted.down = true;
    else sorted = { column: -1, down: false };
    heads.forEach((head, number) => {
      if (number === sorted.column) head.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    arrange();
  }

  heads.forEach((head, column) => {
    const button = made("button", titles[column]);
    button.type = "button";
    button.title = "排序：升、降、名册次序";
    button.addEventListener("click", () => sort(column));
    emptied(head).appendChild(button);
    head.appendChild(made("span", titles[column], "printed")); // 打印时各页重复的表头里，按钮印不出来
  });

  // --- 筛选 ----------------------------------------------------------------------------------------------

  const wanted = byId("wanted");
  const filters = [
    { select: byId("by-parent"), of: (number) => [data.parent[number]] },
    { select: byId("by-category"), of: (number) => [data.category[number]] },
    { select: byId("by-grade"), of: (number) => [data.grade[number]], order: data.grades },
    { select: byId("by-mark"), of: (number) => data.marks[number] },
  ];

  filters.forEach((filter) => {
    const counts = new Map((filter.order || []).map((number) => [number, 0]));
    branches.forEach((branch) => filter.of(branch.number).forEach((number) => {
      counts.set(number, (counts.get(number) || 0) + 1);
    }));
    filter.select.appendChild(new Option("全部", ""));
    counts.forEach((count, number) => {
      if (count) filter.select.appendChild(new Option((text(number) || "（未填）") + "（" + count + "）", number));
    });
    const useless = counts.size === 0 || (counts.size === 1 && filter.select.id !== "by-mark");
    filter.select.parentNode.hidden = useless;
    filter.select.addEventListener("change", arrange);
  });

  // 查找的字可以用空格分开，每一段都要有；大小写、全角半角不分。
  const plain = (told) => (told.normalize ? told.normalize("NFKC") : told).toLowerCase();
  const sought = branches.map((branch) => plain(
    [branch.code, branch.cells[nameColumn], text(data.also[branch.number])].join(" ")));

  function fits(branch) {
    const words = plain(wanted.value).split(/\s+/);
    return words.every((word) => sought[branch.number].indexOf(word) >= 0)
      && filters.every((filter) => filter.select.value === ""
        || filter.of(branch.number).indexOf(Number(filter.select.value)) >= 0);
  }

  function arrange() {
    shown = branches.filter(fits);
    if (sorted.column >= 0) shown.sort(compared(sorted.column, sorted.down));
    place();
    count();
    reach(shown[0]);
  }

  function place() {
    const rows = document.createDocumentFragment();
    branches.forEach((branch) => { branch.row.hidden = true; });
    shown.forEach((branch) => {
      branch.row.hidden = false;
      rows.appendChild(branch.row);
    });
    body.appendChild(rows);
  }

  function count() {
    const counts = new Map(data.grades.map((number) => [number, 0]));
    shown.forEach((branch) => {
      const number = data.grade[branch.number];
      counts.set(number, (counts.get(number) || 0) + 1);
    });
    const told = [];
    counts.forEach((many, number) => { if (many && number) told.push(text(number) + many + "个"); });
    byId("count").textContent = "共" + branches.length + "个党组织，列出" + shown.length + "个"
      + (told.length ? "：" + told.join("，") : "");
  }

  wanted.addEventListener("input", arrange);
  byId("tools").addEventListener("submit", (event) => event.preventDefault());
  byId("tools").addEventListener("reset", () => setTimeout(arrange, 0));

  // --- 用键盘走 --------------------------------------------------------------------------------------------

  let here = null;

  // Tab 键进表格时到的那一行。
  function reach(branch) {
    if (here) {
      here.link.tabIndex = -1;
      here.row.classList.remove("here");
    }
    here = branch || null;
    if (here) here.link.tabIndex = 0;
  }

  body.addEventListener("focusin", (event) => {
    const branch = shown.filter((one) => one.link === event.target)[0];
    if (branch) {
      reach(branch);
      branch.row.classList.add("here");
    }
  });

  const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };

  body.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step || !here || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const place = Math.min(Math.max(shown.indexOf(here) + step, 0), shown.length - 1);
    shown[place].link.focus();
  });

  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|SELECT)$/.test(event.target.tagName);
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && opened) close();
    else if (event.key === "Escape" && event.target === wanted) {
      wanted.value = "";
      arrange();
    } else if (opened && !typing && event.key === "ArrowLeft") turn(-1);
    else if (opened && !typing && event.key === "ArrowRight") turn(1);
  });

  // --- 打开一个党组织 ----------------------------------------------------------------------------------------

  let opened = null;
  let scrolled = 0;

  // 地址栏里的编码说明打开的是哪一个，浏览器的“后退”因此也能用。
  function go(hash) {
    location.hash = hash;
    follow();
  }

  function close() {
    go("");
  }

  function turn(step) {
    const next = shown[shown.indexOf(opened) + step];
    if (next) go(next.link.hash);
  }

  byId("back").addEventListener("click", close);
  byId("before").addEventListener("click", () => turn(-1));
  byId("after").addEventListener("click", () => turn(1));

  function follow() {
    let code = location.hash.slice(1);
    try {
      code = decodeURIComponent(code);
    } catch (error) {
      code = "";
    }
    const place = Object.prototype.hasOwnProperty.call(places, code) ? places[code] : -1;
    const last = opened;
    opened = place < 0 ? null : branches[place];
    if (opened === last) return;
    if (!last) scrolled = window.pageYOffset;
    byId("overview").hidden = Boolean(opened);
    byId("branch").hidden = !opened;
    root.classList.toggle("opened", Boolean(opened));
    if (opened) {
      tell(opened);
      window.scrollTo(0, 0);
      byId("name").focus();
    } else if (last) {
      window.scrollTo(0, scrolled);
      if (!last.row.hidden) last.link.focus();
    }
  }

  function tell(branch) {
    const place = shown.indexOf(branch);
    byId("before").disabled = place <= 0;
    byId("after").disabled = place < 0 || place === shown.length - 1;
    byId("name").textContent = branch.cells[nameColumn] + "（" + branch.code + "）";
    tellAnswer(branch);
    tellIndicators(branch);
    tellAbout(branch);
    tellSteps(branch);
  }

  function tellAnswer(branch) {
    const told = data.told[branch.number];
    const lines = told[root.classList.contains("projection") ? 2 : 0];
    const why = emptied(byId("why"));
    lines.forEach((line) => why.appendChild(made("p", text(line), "why")));
    const sums = emptied(byId("sums"));
    told[1].forEach((line) => sums.appendChild(made("p", text(line), "sum")));
  }

  function tellAbout(branch) {
    const about = emptied(byId("about"));
    titles.forEach((title, column) => {
      const told = branch.cells[column];
      if (!told || column === nameColumn || title === "党组织编码") return;
      const pair = made("div", undefined, title === "备注" ? "inside" : "");
      pair.appendChild(made("dt", title));
      pair.appendChild(made("dd", told));
      about.appendChild(pair);
    });
  }

  // 一条记录里属于这个党组织的各行；unit 每个数是比前一个大多少。
  function rowsOf(record, branch) {
    const rows = [];
    let unit = 0;
    record.unit.forEach((more, row) => {
      unit += more;
      if (unit === branch.number) rows.push(row);
    });
    return rows;
  }

  function headed(parent, headings) {
    const grid = made("table");
    const head = grid.createTHead().insertRow();
    headings.forEach((heading) => {
      const cell = made("th", heading[0], heading[1]);
      cell.scope = "col";
      head.appendChild(cell);
    });
    parent.appendChild(grid);
    return grid.createTBody();
  }

  function tellIndicators(branch) {
    const parent = emptied(byId("indicators"));
    const own = [];
    data.indicators.forEach((record) => rowsOf(record, branch).forEach((row) => own.push([record, row])));
    if (!own.length) return;
    const rounds = new Set(own.map((one) => one[0].round));
    const sources = new Set();
    own.forEach((one) => one[0].by.forEach((pair) => sources.add(pair[0])));
    const headings = [["指标"], ["得分"], ["满分"], ["得分率"]];
    sources.forEach((source) => headings.push([text(source), "by"]));
    const grid = headed(parent, headings);
    own.forEach((one) => {
      const record = one[0];
      const row = grid.insertRow();
      const rate = text(at(record.rate, one[1]));
      const name = (rounds.size > 1 ? text(record.round) + "　" : "") + text(record.name);
      row.appendChild(made("td", name, "text"));
      row.appendChild(made("td", text(at(record.figure, one[1])) || "缺"));
      row.appendChild(made("td", text(record.full) || "—"));
      const cell = made("td", rate || "—");
      if (rate) cell.appendChild(bar(parseFloat(rate)));
      row.appendChild(cell);
      sources.forEach((source) => {
        const given = record.by.filter((pair) => pair[0] === source)[0];
        row.appendChild(made("td", given ? text(at(given[1], one[1])) || "缺" : "—", "by"));
      });
    });
  }

  function bar(rate) {
    const frame = made("span", undefined, "rate");
    const filled = made("i");
    filled.style.width = Math.min(Math.max(rate, 0), 100) + "%";
    frame.setAttribute("aria-hidden", "true");
    frame.appendChild(filled);
    return frame;
  }

  function tellSteps(branch) {
    const parent = emptied(byId("steps"));
    const own = [];
    data.steps.forEach((record) => rowsOf(record, branch).forEach((row) => own.push({
      record: record, row: row, order: [record.at[0], record.at[1], at(record.within, row), record.at[2], row],
    })));
    own.sort((one, two) => {
      const place = one.order.findIndex((number, index) => number !== two.order[index]);
      return place < 0 ? 0 : one.order[place] - two.order[place];
    });
    parent.appendChild(made("h3", "计算过程：" + own.length + "步"));
    const several = new Set(own.map((one) => one.record.round)).size > 1;
    let part = "";
    let grid = null;
    own.forEach((one, number) => {
      const round = several ? text(one.record.round) : "";
      const heading = (round && round + "　") + text(one.record.part);
      if (heading !== part || !grid) {
        part = heading;
        parent.appendChild(made("h3", heading));
        grid = headed(parent, [["步", "number-of"], ["步骤", "kind"], ["评委", "rater"], ["说明"], ["数值", "figure"],
          ["依据（文件 ▸ 表 ▸ 单元格）", "place"]]);
      }
      tellStep(grid.insertRow(), one.record, one.row, number + 1);
    });
  }

  function tellStep(line, record, row, number) {
    const reason = text(at(record.reason, row));
    const place = [text(at(record.file, row)), text(at(record.cells, row))].filter(Boolean).join(" ▸ ");
    line.appendChild(made("td", String(number), "number-of"));
    line.appendChild(made("td", text(record.kind)));
    line.appendChild(made("td", text(at(record.rater, row))));
    line.appendChild(made("td", text(at(record.words, row)) + (reason ? "　事由：" + reason : ""), "words"));
    line.appendChild(made("td", text(at(record.figure, row)), "figure"));
    line.appendChild(made("td", place, "place"));
  }

  // --- 投影和深色 --------------------------------------------------------------------------------------------

  function toggles(id) {
    const button = byId(id);
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(root.classList.toggle(id)));
      if (opened) tellAnswer(opened);
    });
    return button;
  }

  toggles("projection");
  const dark = toggles("dark");
  if (window.matchMedia && window.matchMedia("(prefers-color-scheme: dark)").matches) dark.click();

  window.addEventListener("hashchange", follow);
  count();
  reach(shown[0]);
  follow();
})();
