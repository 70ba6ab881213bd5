//! Rego by regorus: the measured law compiled to its bytecode, and transfers as input documents.

use std::collections::BTreeMap;

use catchall_model::Effect;
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine, Rc, Value};

use crate::further::{self, Further};
use crate::transfer::Plain;

const ENTRY: &str = "data.law.outcome";

/// The measured law in the virtual machine.
pub struct Rego {
    machine: RegoVM,
    keys: Keys,
}

/// Keys of the input document, made once.
struct Keys {
    from: Value,
    to: Value,
    act: Value,
    kind: Value,
    uses: Value,
    informed: Value,
    range: Value,
    payload: Value,
    us_content: Value,
    date: Value,
}

impl Rego {
    /// The twelve provisions and these further ones.
    pub fn new(more: &[Further]) -> Result<Rego, String> {
        let text = include_str!("../law/provisions.rego").to_owned() + &further::rego_text(more);
        let mut engine = Engine::new();
        engine
            .add_policy("law.rego".to_owned(), text)
            .map_err(|error| format!("{error:#}"))?;
        let entry: Rc<str> = ENTRY.into();
        let compiled = engine
            .compile_with_entrypoint(&entry)
            .map_err(|error| format!("{error:#}"))?;
        let program = Compiler::compile_from_policy(&compiled, &[ENTRY])
            .map_err(|error| format!("{error:#}"))?;
        let mut machine = RegoVM::new();
        machine.load_program(program);
        machine
            .set_data(Value::new_object())
            .map_err(|error| format!("{error:?}"))?;
        machine.set_max_instructions(usize::MAX);
        let key = |name: &str| Value::from(name);
        let keys = Keys {
            from: key("from"),
            to: key("to"),
            act: key("act"),
            kind: key("kind"),
            uses: key("uses"),
            informed: key("informed"),
            range: key("range"),
            payload: key("payload"),
            us_content: key("us_content"),
            date: key("date"),
        };
        Ok(Rego { machine, keys })
    }

    /// The input document; what is not known is left out, as usual.
    pub fn input(&self, plain: &Plain) -> Value {
        let keys = &self.keys;
        let mut input: BTreeMap<Value, Value> = BTreeMap::new();
        let mut put = |key: &Value, value: Option<Value>| {
            if let Some(value) = value {
                input.insert(key.clone(), value);
            }
        };
        put(&keys.from, plain.from.map(Value::from));
        put(&keys.to, plain.to.map(Value::from));
        put(&keys.act, plain.act.map(Value::from));
        put(&keys.kind, plain.kind.map(Value::from));
        put(
            &keys.uses,
            plain.uses.as_ref().map(|uses| {
                Value::from(
                    uses.iter()
                        .map(|each| Value::from(*each))
                        .collect::<Vec<_>>(),
                )
            }),
        );
        put(&keys.informed, plain.informed.map(Value::from));
        put(&keys.range, plain.range.map(Value::from));
        put(&keys.payload, plain.payload.map(Value::from));
        put(&keys.us_content, plain.us_content.map(Value::from));
        put(&keys.date, plain.date.map(|date| Value::from(date.whole)));
        Value::from(input)
    }

    /// The outcome of one input.
    pub fn decide(&mut self, input: Value) -> Effect {
        self.machine.set_input(input);
        let answer = self
            .machine
            .execute()
            .unwrap_or_else(|error| panic!("the Rego machine stopped: {error}"));
        let word = answer
            .as_string()
            .unwrap_or_else(|error| panic!("Rego gave no outcome: {error}"));
        word.parse()
            .unwrap_or_else(|error| panic!("Rego gave another outcome: {error}"))
    }
}
