namespace Datamodels.Data;

/// <summary>The labels of a file as they are written: each text once, and for each example which of them.</summary>
internal sealed class FileLabels
{
    private readonly Dictionary<string, int> _codes = [];
    private readonly List<string> _texts = [];
    private readonly List<int> _codeOfExample = [];

    /// <summary>The different labels, in the order of their first example.</summary>
    public IReadOnlyList<string> Texts => _texts;

    /// <summary>Number of examples.</summary>
    public int Count => _codeOfExample.Count;

    /// <summary>Index into <see cref="Texts"/> of the label of an example.</summary>
    public int this[int example] => _codeOfExample[example];

    /// <summary>Adds the label of the next example.</summary>
    public void Add(string text)
    {
        if (!_codes.TryGetValue(text, out int code))
        {
            code = _texts.Count;
            _codes.Add(text, code);
            _texts.Add(text);
        }

        _codeOfExample.Add(code);
    }
}
