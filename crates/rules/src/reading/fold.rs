//! One written form for the many ways the same cell is typed: width, glyphs, white space, traditional characters.

use std::sync::LazyLock;

/// A cell in its folded form. Both texts have the same byte offsets, so a span found in one can be cut from the other.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    /// Half-width, comparator glyphs unified, white space gone; characters as the official typed them.
    printed: String,
    /// The same with simplified characters, where that differs.
    simplified: Option<String>,
}

impl Folded {
    /// Folds a cell. White space survives only as one space between two digits, where dropping it would glue
    /// numbers, and a new line between two words as a semicolon.
    pub(crate) fn new(text: &str) -> Self {
        let mut printed = String::with_capacity(text.len());
        let mut traditional = false;
        let (mut gap, mut new_line) = (false, false);
        for c in text.chars() {
            if c.is_whitespace() || is_invisible(c) {
                gap = !printed.is_empty();
                new_line |= c == '\n' && gap;
                continue;
            }
            let c = half_width(c);
            traditional |= simplify(c) != c;
            if gap && c.is_ascii_digit() && printed.ends_with(|p: char| p.is_ascii_digit()) {
                printed.push(' ');
            }
            // A new line between two words may part two demands; elsewhere the cell was only too narrow.
            if new_line && is_word(c) && printed.ends_with(is_word) {
                printed.push(';');
            }
            (gap, new_line) = (false, false);
            push_joined(&mut printed, c);
        }
        unwrap_demand(&mut printed);
        let simplified = traditional.then(|| printed.chars().map(simplify).collect());
        Self { printed, simplified }
    }

    /// The text to match words against.
    pub(crate) fn as_str(&self) -> &str {
        self.simplified.as_deref().unwrap_or(&self.printed)
    }

    /// The same span with the characters that were typed.
    pub(crate) fn printed(&self, span: std::ops::Range<usize>) -> &str {
        self.printed.get(span).unwrap_or_default()
    }
}

fn is_word(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// `(≥95%)` and `"≥95%"` are the demand inside.
fn unwrap_demand(text: &mut String) {
    let (mut chars, mut rest) = (text.chars(), text.chars());
    let (first, last) = (chars.next(), rest.next_back());
    let wrapped = matches!((first, last), (Some('('), Some(')')) | (Some('"'), Some('"')) | (Some('“'), Some('”')));
    if wrapped && chars.next().is_some_and(|c| matches!(c, '≥' | '≤' | '>' | '<' | '=')) {
        text.pop();
        text.remove(0);
    }
}

/// Appends `c`, joining two-glyph comparators (`>=`, `=<`, `>＝`) into one.
fn push_joined(text: &mut String, c: char) {
    let joined = match (text.chars().next_back(), c) {
        (Some('>' | '≥' | '》'), '=') | (Some('='), '>') => Some('≥'),
        (Some('<' | '≤' | '《'), '=') | (Some('='), '<') => Some('≤'),
        (Some(quote @ ('》' | '《')), digit) if digit.is_ascii_digit() && !text.contains(twin(quote)) => {
            Some(if quote == '》' { '≥' } else { '≤' })
        }
        _ => None,
    };
    match joined {
        Some(glyph) => {
            text.pop();
            text.push(glyph);
            if c.is_ascii_digit() {
                text.push(c);
            }
        }
        None => text.push(c),
    }
}

/// The other half of a pair of book-title marks: a title is not a comparator.
fn twin(quote: char) -> char {
    if quote == '》' { '《' } else { '》' }
}

/// Zero-width characters and the byte order mark, which word processors leave behind.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{00ad}')
}

/// Full-width forms, look-alike glyphs and dashes as their plain twin.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{21}'..='\u{7e}' | '\u{4e00}'..='\u{9fff}' => c,
        '\u{ff01}'..='\u{ff5e}' => match char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c) {
            '`' => '\'',
            plain => plain,
        },
        '≧' | '⩾' | '≮' | '≽' => '≥',
        '≦' | '⩽' | '≯' | '≼' => '≤',
        '﹥' | '〉' => '>',
        '﹤' | '〈' => '<',
        '﹦' | '═' | '゠' => '=',
        '﹪' | '٪' => '%',
        '∼' | '〜' | '˜' => '~',
        '—' | '–' | '−' | '‐' | '‑' | '―' | '─' | '━' | '﹣' | '➖' => '-',
        '【' | '〔' | '﹙' => '(',
        '】' | '〕' | '﹚' => ')',
        '•' | '∙' | '・' | '‧' | '⋅' => '·',
        '∶' | '︰' => ':',
        '￥' => '¥',
        '﹢' => '+',
        '﹐' => ',',
        '﹔' => ';',
        _ => c,
    }
}

/// Traditional characters that occur in numbers, units, dates and the words this crate knows.
pub(crate) fn simplify(c: char) -> char {
    // Nearly every character is none of them; one bit tells so without a search.
    if !is_word(c) || (MARKED[place(c) / 64] >> (place(c) % 64)) & 1 == 0 {
        return c;
    }
    TRADITIONAL.binary_search_by_key(&c, |pair| pair.0).map_or(c, |at| TRADITIONAL[at].1)
}

/// Place of a character among the ideographs.
fn place(c: char) -> usize {
    (u32::from(c) - 0x4e00) as usize
}

/// One bit for each ideograph: it is traditional.
static MARKED: LazyLock<[u64; 0x5200 / 64]> = LazyLock::new(|| {
    let mut marked = [0; 0x5200 / 64];
    for (from, _) in TRADITIONAL.iter() {
        marked[place(*from) / 64] |= 1 << (place(*from) % 64);
    }
    marked
});

/// Pairs of a traditional character and its simplified one.
const PAIRS: &str = "\
     並并亞亚佔占來来倆俩個个備备傷伤僅仅價价億亿償偿優优儲储兒儿內内兩两冊册凍冻剛刚創创劃划劇剧動动務务勝胜勞劳勵励區区協协卻却參参員员單单噸吨嚴严國国圓元圖图團团 \
     執执報报場场塊块壓压壞坏壩坝夠够夥伙奪夺婦妇孫孙學学實实寧宁審审寫写寬宽導导屆届層层屬属師师帳帐帶带幣币幫帮幹干幾几庫库廠厂廢废廣广廳厅張张強强彈弹後后徑径從从 \
     復复愛爱態态慶庆憂忧應应懲惩懷怀戰战戲戏戶户捨舍掃扫損损擁拥擇择擊击擔担據据擴扩敗败敵敌數数斷断於于時时曆历會会東东條条棟栋業业極极榮荣構构樓楼標标樣样樹树橋桥 \
     機机檔档檢检櫃柜權权歡欢歲岁歷历殘残毀毁氣气決决減减測测準准滅灭滿满漢汉漲涨濕湿濟济災灾無无燈灯營营爭争牆墙狀状獎奖獨独獲获獻献現现瑪玛環环產产畝亩畢毕畫画異异 \
     療疗發发盡尽監监礎础稅税種种積积穩稳穫获節节範范築筑糧粮約约紅红納纳純纯級级細细終终組组結结絡络給给統统經经綠绿維维網网緊紧編编練练縣县縮缩總总績绩續续罰罚義义 \
     聯联聲声職职臺台與与舊旧華华萬万蓋盖藝艺藥药蘭兰處处號号術术衛卫補补裝装裡里製制複复見见規规覽览計计訊讯訓训記记設设許许訴诉評评試试話话該该誌志認认語语誠诚誤误 \
     說说課课調调請请論论諸诸謂谓證证識识議议護护豐丰負负財财貢贡貧贫貨货責责貸贷費费貼贴資资賠赔賣卖質质購购賽赛贏赢趕赶跡迹車车較较輔辅輛辆輪轮輸输辦办辭辞農农連连 \
     週周進进運运過过達达違违遲迟選选還还鄉乡鄰邻醫医釋释銷销鋪铺錄录錢钱錯错鎮镇鐘钟鐵铁長长門门閉闭開开間间閱阅陽阳隊队階阶際际隨随險险隻只雙双雜杂離离難难雲云電电 \
     靜静韓韩響响頃顷項项順顺預预領领頭头頻频顆颗題题額额願愿類类顧顾顯显風风飛飞養养館馆驅驱驗验魚鱼麥麦麵面點点黨党齊齐齡龄";

/// The pairs, sorted by the traditional character.
static TRADITIONAL: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let mut chars = PAIRS.chars().filter(|c| *c != ' ');
    let mut pairs = Vec::new();
    while let (Some(from), Some(to)) = (chars.next(), chars.next()) {
        pairs.push((from, to));
    }
    pairs.sort_unstable();
    pairs
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_keeps_byte_lengths() {
        for pair in TRADITIONAL.windows(2) {
            assert!(pair[0].0 < pair[1].0, "{} before {}", pair[0].0, pair[1].0);
        }
        assert!(TRADITIONAL.iter().all(|(from, to)| from.len_utf8() == to.len_utf8()));
    }

    #[test]
    fn one_form_for_many_spellings() {
        for (text, folded) in [
            ("＞＝９０％", "≥90%"),
            ("≧ 95 %", "≥95%"),
            ("》 90％", "≥90%"),
            ("= 100 %", "=100%"),
            ("﹦ 5", "=5"),
            ("1 000 人", "1 000人"),
            ("12 月 底", "12月底"),
            ("《规划》5项", "《规划》5项"),
            ("\u{feff}≤5", "≤5"),
            ("2023.07—2024.01", "2023.07-2024.01"),
            ("=<3", "≤3"),
            ("健全\n有效", "健全;有效"),
            ("≥90\n%", "≥90%"),
            ("≯3", "≤3"),
        ] {
            assert_eq!(Folded::new(text).as_str(), folded, "{text}");
        }
        let folded = Folded::new("≥３ 萬戶");
        assert_eq!((folded.as_str(), folded.printed(4..10)), ("≥3万户", "萬戶"));
    }
}
