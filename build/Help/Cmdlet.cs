namespace Datamodels.Build.Help;

/// <summary>What the code says of a cmdlet. Texts are Markdown.</summary>
internal sealed record Cmdlet
{
    public required string Name { get; init; }

    public required string Synopsis { get; init; }

    public required IReadOnlyList<string> Aliases { get; init; }

    /// <summary>Names of the parameter sets, the default one first; one that is empty where there are none.</summary>
    public required IReadOnlyList<string> ParameterSets { get; init; }

    /// <summary>All but the common ones, in the order of the code, those of base classes first.</summary>
    public required IReadOnlyList<Parameter> Parameters { get; init; }

    public required IReadOnlyList<Output> Outputs { get; init; }
}

/// <summary>A parameter of a cmdlet.</summary>
internal sealed record Parameter
{
    public required string Name { get; init; }

    /// <summary>As PowerShell writes it, such as <c>int[]</c>.</summary>
    public required string TypeName { get; init; }

    public required string Text { get; init; }

    public IReadOnlyList<string> Aliases { get; init; } = [];

    /// <summary>The values that there are, where these are few, and what each means.</summary>
    public IReadOnlyList<(string Name, string Text)> Values { get; init; } = [];

    /// <summary>What it is where it is not given; empty where it is nothing, or must be given.</summary>
    public string Default { get; init; } = "";

    public bool Wildcards { get; init; }

    /// <summary>How it is bound, once for each parameter set it is in.</summary>
    public required IReadOnlyList<Binding> Bindings { get; init; }

    public bool IsSwitch => TypeName == "switch";

    public bool IsIn(string set) => BindingIn(set) is not null;

    public Binding? BindingIn(string set) => Bindings.FirstOrDefault(binding => binding.Set == set || binding.Set.Length == 0);
}

/// <summary>How a parameter is bound in a parameter set.</summary>
/// <param name="Set">The set; empty for all.</param>
/// <param name="Required">Whether it must be given.</param>
/// <param name="Position">Its position; null where it needs its name.</param>
/// <param name="ByValue">Whether it takes objects from the pipeline.</param>
/// <param name="ByPropertyName">Whether it takes the property of that name from such objects.</param>
internal sealed record Binding(string Set, bool Required, int? Position, bool ByValue, bool ByPropertyName);

/// <summary>A type that a cmdlet gives.</summary>
/// <param name="TypeName">Its full name.</param>
/// <param name="Text">What it is; empty for a type of .NET's or PowerShell's.</param>
/// <param name="Properties">What it has that can be seen, and what each is.</param>
internal sealed record Output(string TypeName, string Text, IReadOnlyList<(string Name, string Text)> Properties);
