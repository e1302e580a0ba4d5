namespace Datamodels.Learners;

/// <summary>What is recorded of a model on a target, from its logits z and the target's class y.</summary>
public enum OutputKind
{
    /// <summary>z_y - max over c ≠ y of z_c: positive where the model is right (Ilyas et al. 2022).</summary>
    Margin,

    /// <summary>z_y - log of the sum over c ≠ y of exp(z_c), which is log(p / (1 - p)) (Park et al. 2023).</summary>
    LogSumExpMargin,

    /// <summary>1 where z_y is the largest logit, without a tie; else 0.</summary>
    Correctness,

    /// <summary>Cross-entropy, -log p.</summary>
    Loss,

    /// <summary>p, the softmax of z at y.</summary>
    Probability,

    /// <summary>All logits z, one for each class.</summary>
    Logits,
}
