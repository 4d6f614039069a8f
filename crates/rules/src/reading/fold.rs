//! One written form for the many ways the same cell is typed: width, glyphs, white space, traditional characters.

/// A cell in its folded form. Both texts have the same byte offsets, so a span found in one can be cut from the other.
#[derive(Debug, Default)]
pub(crate) struct Folded {
    /// Half-width, comparator glyphs unified, white space gone; characters as the official typed them.
    printed: String,
    /// The same with simplified characters, where that differs.
    simplified: Option<String>,
}

impl Folded {
    /// Folds a cell. White space survives only as one space between two digits, where dropping it would glue numbers.
    pub(crate) fn new(text: &str) -> Self {
        let mut printed = String::with_capacity(text.len());
        let mut traditional = false;
        let mut gap = false;
        for c in text.chars() {
            if c.is_whitespace() || is_invisible(c) {
                gap = !printed.is_empty();
                continue;
            }
            let c = half_width(c);
            traditional |= simplify(c) != c;
            if gap && c.is_ascii_digit() && printed.ends_with(|p: char| p.is_ascii_digit()) {
                printed.push(' ');
            }
            gap = false;
            push_joined(&mut printed, c);
        }
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
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{00ad}')
}

/// Full-width forms, look-alike glyphs and dashes as their plain twin.
fn half_width(c: char) -> char {
    match c {
        '\u{21}'..='\u{7e}' => c,
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
fn simplify(c: char) -> char {
    if !('\u{4e00}'..='\u{9fff}').contains(&c) {
        return c;
    }
    TRADITIONAL.binary_search_by_key(&c, |pair| pair.0).map_or(c, |at| TRADITIONAL[at].1)
}

/// Sorted by the traditional character.
const TRADITIONAL: &[(char, char)] = &[
    ('並', '并'), ('亞', '亚'), ('佔', '占'), ('來', '来'), ('倆', '俩'), ('個', '个'), ('備', '备'), ('傷', '伤'),
    ('僅', '仅'), ('價', '价'), ('億', '亿'), ('償', '偿'), ('優', '优'), ('儲', '储'), ('兒', '儿'), ('內', '内'),
    ('兩', '两'), ('冊', '册'), ('凍', '冻'), ('剛', '刚'), ('創', '创'), ('劃', '划'), ('劇', '剧'), ('動', '动'),
    ('務', '务'), ('勝', '胜'), ('勞', '劳'), ('勵', '励'), ('區', '区'), ('協', '协'), ('卻', '却'), ('參', '参'),
    ('員', '员'), ('單', '单'), ('噸', '吨'), ('嚴', '严'), ('國', '国'), ('圓', '元'), ('圖', '图'), ('團', '团'),
    ('執', '执'), ('報', '报'), ('場', '场'), ('塊', '块'), ('壓', '压'), ('壞', '坏'), ('壩', '坝'), ('夠', '够'),
    ('夥', '伙'), ('奪', '夺'), ('婦', '妇'), ('孫', '孙'), ('學', '学'), ('實', '实'), ('寧', '宁'), ('審', '审'),
    ('寫', '写'), ('寬', '宽'), ('導', '导'), ('屆', '届'), ('層', '层'), ('屬', '属'), ('師', '师'), ('帳', '帐'),
    ('帶', '带'), ('幣', '币'), ('幫', '帮'), ('幹', '干'), ('幾', '几'), ('庫', '库'), ('廠', '厂'), ('廢', '废'),
    ('廣', '广'), ('廳', '厅'), ('張', '张'), ('強', '强'), ('彈', '弹'), ('後', '后'), ('徑', '径'), ('從', '从'),
    ('復', '复'), ('愛', '爱'), ('態', '态'), ('慶', '庆'), ('憂', '忧'), ('應', '应'), ('懲', '惩'), ('懷', '怀'),
    ('戰', '战'), ('戲', '戏'), ('戶', '户'), ('捨', '舍'), ('掃', '扫'), ('損', '损'), ('擁', '拥'), ('擇', '择'),
    ('擊', '击'), ('擔', '担'), ('據', '据'), ('擴', '扩'), ('敗', '败'), ('敵', '敌'), ('數', '数'), ('斷', '断'),
    ('於', '于'), ('時', '时'), ('曆', '历'), ('會', '会'), ('東', '东'), ('條', '条'), ('棟', '栋'), ('業', '业'),
    ('極', '极'), ('榮', '荣'), ('構', '构'), ('樓', '楼'), ('標', '标'), ('樣', '样'), ('樹', '树'), ('橋', '桥'),
    ('機', '机'), ('檔', '档'), ('檢', '检'), ('櫃', '柜'), ('權', '权'), ('歡', '欢'), ('歲', '岁'), ('歷', '历'),
    ('殘', '残'), ('毀', '毁'), ('氣', '气'), ('決', '决'), ('減', '减'), ('測', '测'), ('準', '准'), ('滅', '灭'),
    ('滿', '满'), ('漢', '汉'), ('漲', '涨'), ('濕', '湿'), ('濟', '济'), ('災', '灾'), ('無', '无'), ('燈', '灯'),
    ('營', '营'), ('爭', '争'), ('牆', '墙'), ('狀', '状'), ('獎', '奖'), ('獨', '独'), ('獲', '获'), ('獻', '献'),
    ('現', '现'), ('瑪', '玛'), ('環', '环'), ('產', '产'), ('畝', '亩'), ('畢', '毕'), ('畫', '画'), ('異', '异'),
    ('療', '疗'), ('發', '发'), ('盡', '尽'), ('監', '监'), ('礎', '础'), ('稅', '税'), ('種', '种'), ('積', '积'),
    ('穩', '稳'), ('穫', '获'), ('節', '节'), ('範', '范'), ('築', '筑'), ('糧', '粮'), ('約', '约'), ('紅', '红'),
    ('納', '纳'), ('純', '纯'), ('級', '级'), ('細', '细'), ('終', '终'), ('組', '组'), ('結', '结'), ('絡', '络'),
    ('給', '给'), ('統', '统'), ('經', '经'), ('綠', '绿'), ('維', '维'), ('網', '网'), ('緊', '紧'), ('編', '编'),
    ('練', '练'), ('縣', '县'), ('縮', '缩'), ('總', '总'), ('績', '绩'), ('續', '续'), ('罰', '罚'), ('義', '义'),
    ('聯', '联'), ('聲', '声'), ('職', '职'), ('臺', '台'), ('與', '与'), ('舊', '旧'), ('華', '华'), ('萬', '万'),
    ('蓋', '盖'), ('藝', '艺'), ('藥', '药'), ('蘭', '兰'), ('處', '处'), ('號', '号'), ('術', '术'), ('衛', '卫'),
    ('補', '补'), ('裝', '装'), ('裡', '里'), ('製', '制'), ('複', '复'), ('見', '见'), ('規', '规'), ('覽', '览'),
    ('計', '计'), ('訊', '讯'), ('訓', '训'), ('記', '记'), ('設', '设'), ('許', '许'), ('訴', '诉'), ('評', '评'),
    ('試', '试'), ('話', '话'), ('該', '该'), ('誌', '志'), ('認', '认'), ('語', '语'), ('誠', '诚'), ('誤', '误'),
    ('說', '说'), ('課', '课'), ('調', '调'), ('請', '请'), ('論', '论'), ('諸', '诸'), ('謂', '谓'), ('證', '证'),
    ('識', '识'), ('議', '议'), ('護', '护'), ('豐', '丰'), ('負', '负'), ('財', '财'), ('貢', '贡'), ('貧', '贫'),
    ('貨', '货'), ('責', '责'), ('貸', '贷'), ('費', '费'), ('貼', '贴'), ('資', '资'), ('賠', '赔'), ('賣', '卖'),
    ('質', '质'), ('購', '购'), ('賽', '赛'), ('贏', '赢'), ('趕', '赶'), ('跡', '迹'), ('車', '车'), ('較', '较'),
    ('輔', '辅'), ('輛', '辆'), ('輪', '轮'), ('輸', '输'), ('辦', '办'), ('辭', '辞'), ('農', '农'), ('連', '连'),
    ('週', '周'), ('進', '进'), ('運', '运'), ('過', '过'), ('達', '达'), ('違', '违'), ('遲', '迟'), ('選', '选'),
    ('還', '还'), ('鄉', '乡'), ('鄰', '邻'), ('醫', '医'), ('釋', '释'), ('銷', '销'), ('鋪', '铺'), ('錄', '录'),
    ('錢', '钱'), ('錯', '错'), ('鎮', '镇'), ('鐘', '钟'), ('鐵', '铁'), ('長', '长'), ('門', '门'), ('閉', '闭'),
    ('開', '开'), ('間', '间'), ('閱', '阅'), ('陽', '阳'), ('隊', '队'), ('階', '阶'), ('際', '际'), ('隨', '随'),
    ('險', '险'), ('隻', '只'), ('雙', '双'), ('雜', '杂'), ('離', '离'), ('難', '难'), ('雲', '云'), ('電', '电'),
    ('靜', '静'), ('韓', '韩'), ('響', '响'), ('頃', '顷'), ('項', '项'), ('順', '顺'), ('預', '预'), ('領', '领'),
    ('頭', '头'), ('頻', '频'), ('顆', '颗'), ('題', '题'), ('額', '额'), ('願', '愿'), ('類', '类'), ('顧', '顾'),
    ('顯', '显'), ('風', '风'), ('飛', '飞'), ('養', '养'), ('館', '馆'), ('驅', '驱'), ('驗', '验'), ('魚', '鱼'),
    ('麥', '麦'), ('麵', '面'), ('點', '点'), ('黨', '党'), ('齊', '齐'), ('齡', '龄'),
];

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
            ("＞＝９０％", "≥90%"), ("≧ 95 %", "≥95%"), ("》 90％", "≥90%"), ("= 100 %", "=100%"), ("﹦ 5", "=5"),
            ("1 000 人", "1 000人"), ("12 月 底", "12月底"), ("《规划》5项", "《规划》5项"), ("\u{feff}≤5", "≤5"),
            ("2023.07—2024.01", "2023.07-2024.01"), ("=<3", "≤3"), ("≯3", "≤3"),
        ] {
            assert_eq!(Folded::new(text).as_str(), folded, "{text}");
        }
        let folded = Folded::new("≥３ 萬戶");
        assert_eq!((folded.as_str(), folded.printed(4..10)), ("≥3万户", "萬戶"));
    }
}
