using Datamodels.IO;

namespace Datamodels.Data;

/// <summary>A <see cref="DataSource"/> in a YAML file: keys are its properties in camelCase.</summary>
internal static class DataSourceYaml
{
    /// <summary>The keys of the section.</summary>
    public static string[] Keys { get; } = ["path", "header", "labelColumn", "scaling", "testSize", "seed", "imageShape"];

    /// <summary>Reads a section; a key that is left out has the property's default.</summary>
    /// <param name="section">Made with <see cref="Keys"/>.</param>
    /// <param name="folder">What a relative path starts from.</param>
    public static DataSource Read(YamlSection section, string folder)
    {
        var source = new DataSource { Path = Path.GetFullPath(section.Text("path"), folder) };
        return source with
        {
            Header = section.Boolean("header", source.Header),
            LabelColumn = section.Text("labelColumn", source.LabelColumn),
            Scaling = section.Name("scaling", source.Scaling),
            TestSize = section.Number(
                "testSize", source.TestSize, "a fraction inside (0, 1) or a whole number of examples",
                size => size > 0 && (size < 1 || size == Math.Floor(size))),
            Seed = section.Seed("seed", source.Seed),
            ImageShape = section.Has("imageShape")
                ? section.Parsed<ImageShape>("imageShape", ImageShape.Expected, ImageShape.TryParse)
                : null,
        };
    }

    /// <summary>Writes every key.</summary>
    public static void Write(YamlWriter section, DataSource source)
    {
        section.Text("path", source.Path);
        section.Boolean("header", source.Header);
        section.Text("labelColumn", source.LabelColumn);
        section.Text("scaling", source.Scaling.ToString());
        section.Number("testSize", source.TestSize);
        section.Number("seed", source.Seed);
        if (source.ImageShape is ImageShape shape)
        {
            section.Text("imageShape", shape.ToString());
        }
    }
}
