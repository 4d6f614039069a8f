//! Builders of inputs, and a small evaluator of explanations that shares nothing with the library.

use std::collections::BTreeMap;

use jixiao_rules::actual::Actual;
use jixiao_rules::assess::{Input, Occasion};
use jixiao_rules::explain::Explanation;
use jixiao_rules::kind::{Comparator, Direction, TargetKind};
use jixiao_rules::target::Target;
use jixiao_rules::value::Points;
use rust_decimal::Decimal;

pub(crate) fn target(kind: TargetKind) -> Target {
    Target {
        text: "目标".into(),
        kind,
        comparator: None,
        value: None,
        value_high: None,
        unit: None,
        base_value: None,
        base_value_high: None,
        base_unit: None,
        direction: Direction::Unknown,
        deadline: None,
        wished: None,
        scale: Vec::new(),
        parts: Vec::new(),
        certain: true,
        notes: Vec::new(),
    }
}

pub(crate) fn quantity(comparator: Comparator, value: Decimal, unit: &str) -> Target {
    let direction = match comparator {
        Comparator::Gte | Comparator::Gt => Direction::HigherIsBetter,
        Comparator::Lte | Comparator::Lt => Direction::LowerIsBetter,
        Comparator::Eq => Direction::Exact,
    };
    Target {
        comparator: Some(comparator),
        value: Some(value),
        base_value: Some(value),
        base_unit: (!unit.is_empty()).then(|| unit.to_owned()),
        direction,
        ..target(TargetKind::Quantity)
    }
}

pub(crate) fn words() -> Actual {
    Actual {
        text: "实际".into(),
        value: None,
        unit: None,
        base_value: None,
        date: None,
        level: None,
        exceeded: false,
        parts: Vec::new(),
        comparable: true,
        certain: true,
        notes: Vec::new(),
    }
}

pub(crate) fn number(value: Decimal) -> Actual {
    Actual { value: Some(value), base_value: Some(value), ..words() }
}

pub(crate) fn input<'a>(target: &'a Target, actual: &'a Actual, weight: i64) -> Input<'a> {
    Input {
        level1: None,
        level2: None,
        name: "指标",
        target: Some(target),
        confirmed: true,
        actual: Some(actual),
        level: None,
        score: None,
        not_applicable: None,
        target_set_too_low: false,
        weight: Some(Points(weight)),
        accumulation: None,
        occasion: Occasion::YearEnd,
        lenient: false,
    }
}

/// An exact fraction, or a word.
#[derive(Clone, Debug, PartialEq)]
enum Value {
    Fraction(i128, i128),
    Word(String),
}

struct Reader<'a> {
    tokens: Vec<String>,
    at: usize,
    known: &'a BTreeMap<String, String>,
}

fn gcd(a: i128, b: i128) -> i128 {
    if b == 0 { a.abs().max(1) } else { gcd(b, a % b) }
}

fn fraction(n: i128, d: i128) -> Value {
    let g = gcd(n, d) * d.signum();
    Value::Fraction(n / g, d / g)
}

fn value_of(text: &str) -> Value {
    match text.parse::<Decimal>() {
        Ok(value) => fraction(value.mantissa(), 10_i128.pow(value.scale())),
        Err(_) => Value::Word(text.to_owned()),
    }
}

fn truth(yes: bool) -> Value {
    Value::Word(if yes { "TRUE" } else { "FALSE" }.to_owned())
}

fn pair(a: &Value, b: &Value) -> (i128, i128, i128, i128) {
    match (a, b) {
        (Value::Fraction(a, b), Value::Fraction(c, d)) => (*a, *b, *c, *d),
        _ => panic!("numbers expected: {a:?} {b:?}"),
    }
}

fn tokens(expression: &str) -> Vec<String> {
    let (mut out, chars): (Vec<String>, Vec<char>) = (Vec::new(), expression.chars().collect());
    let mut at = 0;
    while at < chars.len() {
        let start = at;
        at += 1;
        if chars[start].is_alphanumeric() {
            while at < chars.len() && (chars[at].is_alphanumeric() || chars[at] == '_' || chars[at] == '.') {
                at += 1;
            }
        } else if "<>!".contains(chars[start]) && chars.get(at) == Some(&'=') {
            at += 1;
        } else if chars[start] == ' ' {
            continue;
        }
        out.push(chars[start..at].iter().collect());
    }
    out
}

impl Reader<'_> {
    fn peek(&self) -> &str {
        self.tokens.get(self.at).map_or("", String::as_str)
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.peek() == token;
        self.at += usize::from(found);
        found
    }

    /// Evaluates; a branch that is not taken is read with `live` off and divides by nothing.
    fn choice(&mut self, live: bool) -> Value {
        let condition = self.or(live);
        if !self.eat("?") {
            return condition;
        }
        let yes = condition == truth(true);
        let first = self.choice(live && yes);
        assert!(self.eat(":"), "colon expected in {:?}", self.tokens);
        let second = self.choice(live && !yes);
        if yes { first } else { second }
    }

    fn or(&mut self, live: bool) -> Value {
        let mut left = self.and(live);
        while self.eat("or") {
            let right = self.and(live);
            left = truth(left == truth(true) || right == truth(true));
        }
        left
    }

    fn and(&mut self, live: bool) -> Value {
        let mut left = self.not(live);
        while self.eat("and") {
            let right = self.not(live);
            left = truth(left == truth(true) && right == truth(true));
        }
        left
    }

    fn not(&mut self, live: bool) -> Value {
        if self.eat("not") {
            return truth(self.not(live) != truth(true));
        }
        let left = self.sum(live);
        let operator = self.peek().to_owned();
        if !["<", "<=", ">", ">=", "=", "!="].contains(&operator.as_str()) {
            return left;
        }
        self.at += 1;
        let right = self.sum(live);
        match operator.as_str() {
            "=" => truth(left == right),
            "!=" => truth(left != right),
            _ => {
                let (a, b, c, d) = pair(&left, &right);
                let order = (a * d).cmp(&(c * b));
                truth(match operator.as_str() {
                    "<" => order.is_lt(),
                    "<=" => order.is_le(),
                    ">" => order.is_gt(),
                    _ => order.is_ge(),
                })
            }
        }
    }

    fn sum(&mut self, live: bool) -> Value {
        let mut left = self.product(live);
        loop {
            let sign = if self.eat("+") {
                1
            } else if self.eat("-") {
                -1
            } else {
                return left;
            };
            let right = self.product(live);
            let (a, b, c, d) = pair(&left, &right);
            left = fraction(a * d + sign * c * b, b * d);
        }
    }

    fn product(&mut self, live: bool) -> Value {
        let mut left = self.atom(live);
        loop {
            let times = if self.eat("*") {
                true
            } else if self.eat("/") {
                false
            } else {
                return left;
            };
            let right = self.atom(live);
            let (a, b, c, d) = pair(&left, &right);
            left = match times {
                true => fraction(a * c, b * d),
                false if !live => left,
                false => fraction(a * d, b * c),
            };
        }
    }

    fn atom(&mut self, live: bool) -> Value {
        let token = self.peek().to_owned();
        self.at += 1;
        if token == "(" {
            let inside = self.choice(live);
            assert!(self.eat(")"));
            return inside;
        }
        if !self.eat("(") {
            return self.known.get(&token).map_or_else(|| value_of(&token), |text| value_of(text));
        }
        if token == "days" {
            let (a, b) = (self.peek().to_owned(), self.tokens[self.at + 2].clone());
            self.at += 4;
            let day = |label: &String| self.known[label].parse::<chrono::NaiveDate>().expect("a day");
            return fraction(i128::from((day(&b) - day(&a)).num_days().max(0)), 1);
        }
        let mut arguments = vec![self.choice(live)];
        while self.eat(",") {
            arguments.push(self.choice(live));
        }
        assert!(self.eat(")"), "{:?}", self.tokens);
        apply(&token, arguments)
    }
}

fn apply(name: &str, arguments: Vec<Value>) -> Value {
    let Value::Fraction(n, d) = arguments[0] else { panic!("number expected") };
    let digits = |prefix: &str| name.strip_prefix(prefix).and_then(|digits| digits.parse::<u32>().ok());
    if let Some(digits) = digits("cut") {
        let unit = 10_i128.pow(digits);
        return fraction(n * unit / d, unit);
    }
    if let Some(digits) = digits("round") {
        let unit = 10_i128.pow(digits);
        return fraction((2 * n.abs() * unit + d) / (2 * d) * n.signum(), unit);
    }
    if name == "abs" {
        return fraction(n.abs(), d);
    }
    let (a, b, c, e) = pair(&arguments[0], &arguments[1]);
    let first = (a * e >= c * b) == (name == "max");
    assert!(["max", "min"].contains(&name), "unknown function {name}");
    arguments[usize::from(!first)].clone()
}

/// The text of a value, as the last function of its expression prints it.
fn printed(expression: &str, value: &Value) -> String {
    let (n, d) = match value {
        Value::Word(word) => return word.clone(),
        Value::Fraction(n, d) => (*n, *d),
    };
    let digits =
        ["cut", "round"].iter().find_map(|name| expression.strip_prefix(name)?.split('(').next()?.parse().ok());
    let scale = digits.unwrap_or(12_u32);
    let scaled = n * 10_i128.pow(scale);
    assert_eq!(scaled % d, 0, "{expression} does not end");
    let decimal = Decimal::from_i128_with_scale(scaled / d, scale);
    if digits.is_some() { decimal.to_string() } else { decimal.normalize().to_string() }
}

/// Replays every step; gives the values by label.
pub(crate) fn replay(explanation: &Explanation) -> BTreeMap<String, String> {
    let mut known = BTreeMap::new();
    for step in &explanation.steps {
        if step.expression != "input" && step.expression != "scheme" {
            let mut reader = Reader { tokens: tokens(&step.expression), at: 0, known: &known };
            let value = reader.choice(true);
            assert_eq!(reader.at, reader.tokens.len(), "trailing tokens in {}", step.expression);
            assert_eq!(printed(&step.expression, &value), step.value, "{} = {}", step.label, step.expression);
        }
        assert!(known.insert(step.label.clone(), step.value.clone()).is_none(), "label {} twice", step.label);
    }
    known
}
