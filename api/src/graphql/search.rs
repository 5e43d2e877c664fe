//! Finding text by its parts.

use std::collections::BTreeSet;

use nhip_domain::{Refusal, text};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter as _, Select,
    sea_query::{Expr, ExprTrait as _, Func, LikeExpr, SimpleExpr},
};

/// The most characters of what is searched for.
const MOST: usize = 500;

/// What somebody searches for; none if that is nothing.
pub(super) fn needle(search: Option<&str>) -> Result<Option<&str>, Refusal> {
    let needle = search.map(str::trim).filter(|search| !search.is_empty());
    if needle.is_some_and(|needle| needle.chars().count() > MOST) {
        let problem = format!("`search` must have at most {MOST} characters");
        return Err(Refusal::BadInput { field: "search", problem });
    }
    Ok(needle)
}

/// Rows whose name contains `search`, or whose phone, which is stored as digits, contains its digits; all, if it is empty.
pub(super) fn searched<E: EntityTrait>(
    rows: Select<E>,
    search: Option<&str>,
    name: E::Column,
    phone: E::Column,
) -> Result<Select<E>, Refusal> {
    let Some(search) = needle(search)? else { return Ok(rows) };
    let named = containing::<E>(search, &[name]);
    Ok(rows.filter(match text::digits(search) {
        Some(digits) => named.or(phone.contains(digits)),
        None => named,
    }))
}

/// Whether one of `columns` contains `needle`, whatever the case.
pub(super) fn containing<E: EntityTrait>(needle: &str, columns: &[E::Column]) -> SimpleExpr {
    let small: String = needle.chars().flat_map(char::to_lowercase).collect();
    let capitals: BTreeSet<(char, char)> = small.chars().filter_map(|c| Some((capital_of(c)?, c))).collect();
    let contains = |column: &E::Column| {
        // SQLite knows only ASCII's capitals, and PostgreSQL in some locales too: others that matter are told it one by one.
        let lower = SimpleExpr::from(Func::lower(column.into_expr()));
        let lower = capitals.iter().fold(lower, |text, (capital, small)| {
            let [capital, small] = [capital, small].map(|letter| Expr::val(letter.to_string()));
            Func::cust("replace").args([text, capital, small]).into()
        });
        lower.like(like(&small))
    };
    let any = columns.iter().map(contains).reduce(sea_orm::sea_query::ExprTrait::or);
    any.unwrap_or_else(|| SimpleExpr::from(false))
}

/// The capital of a letter beyond ASCII, where it has one of its own.
fn capital_of(small: char) -> Option<char> {
    let mut capitals = small.to_uppercase();
    let (Some(capital), None) = (capitals.next(), capitals.next()) else { return None };
    (!small.is_ascii() && capital != small && capital.to_lowercase().eq([small])).then_some(capital)
}

fn like(needle: &str) -> LikeExpr {
    let escaped: String =
        needle.chars().flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c])).collect();
    LikeExpr::new(format!("%{escaped}%")).escape('\\')
}
