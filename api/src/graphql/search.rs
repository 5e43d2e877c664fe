//! Finding text by its parts.

use sea_orm::{
    ColumnTrait, EntityTrait,
    sea_query::{ExprTrait as _, Func, LikeExpr, SimpleExpr},
};

/// Whether one of `columns` contains `needle`, whatever the case; on SQLite, which knows only ASCII's capitals, others are
/// found as they were typed.
pub(super) fn containing<E: EntityTrait>(needle: &str, columns: &[E::Column]) -> SimpleExpr {
    let (typed, lower) = (like(needle), like(&needle.to_lowercase()));
    let contains = |column: &E::Column| {
        let lowered = SimpleExpr::from(Func::lower(column.into_expr())).like(lower.clone());
        // What has a word of ASCII as it was typed has it in small letters too.
        if needle.is_ascii() { lowered } else { lowered.or(SimpleExpr::from(column.into_expr()).like(typed.clone())) }
    };
    let any = columns.iter().map(contains).reduce(sea_orm::sea_query::ExprTrait::or);
    any.unwrap_or_else(|| SimpleExpr::from(false))
}

fn like(needle: &str) -> LikeExpr {
    let escaped: String =
        needle.chars().flat_map(|c| matches!(c, '%' | '_' | '\\').then_some('\\').into_iter().chain([c])).collect();
    LikeExpr::new(format!("%{escaped}%")).escape('\\')
}
